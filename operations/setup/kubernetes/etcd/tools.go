//go:build tools

// Package tools names the program that set-up builds from this module's pinned versions.
package tools

import _ "go.etcd.io/etcd/server/v3"
