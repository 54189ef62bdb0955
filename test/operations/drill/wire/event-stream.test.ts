import fc from "fast-check";
import { expect, test } from "vitest";
import { eventMessage } from "../../../../operations/drill/wire/event-stream.ts";
import { messagesIn } from "./events.ts";

/** What is encoded is decoded, by a reader of its own. */

test("a message has its type, its content type and its payload", () => {
  expect(messagesIn(eventMessage("contentBlockDelta", '{"delta":1}'))).toEqual([
    {
      headers: {
        ":event-type": "contentBlockDelta",
        ":content-type": "application/json",
        ":message-type": "event",
      },
      payload: '{"delta":1}',
    },
  ]);
});

test("messages follow one another, whatever they hold", () => {
  const anyMessage = fc.tuple(fc.stringMatching(/^[a-zA-Z]{1,40}$/), fc.string({ unit: "grapheme", maxLength: 400 }));
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 5 }), (messages) => {
      const stream = Buffer.concat(messages.map(([type, payload]) => eventMessage(type, payload)));
      expect(messagesIn(stream).map(({ headers, payload }) => [headers[":event-type"], payload])).toEqual(messages);
    }),
  );
});

test("the reader notices a changed byte", () => {
  const message = eventMessage("messageStop", '{"stopReason":"end_turn"}');
  for (const at of [0, 5, 9, 20, message.length - 6, message.length - 1]) {
    const changed = Buffer.from(message);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => messagesIn(changed), `byte ${at}`).toThrow();
  }
});
