module twocloud.local/definitions

go 1.26.5

// The releases of the charts in stacks/images.yaml. Nothing is imported, so this is not to be tidied: after a change,
// `go mod download <module>` adds the sum.
require (
	github.com/cert-manager/cert-manager v1.20.3
	github.com/envoyproxy/ai-gateway v1.0.0
	github.com/envoyproxy/gateway v1.8.3
)
