import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packPage, unpackPage, type PageFrame } from './packed-page.js';

const PLAIN = 0;
const DEFLATED = 1;

/** What strangers write: line ends, quotes, emoji and halves of them. */
const anyText = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('', '\n', '\r\n', '"', '\\', '🔌', '\ud83d', '\udd0c', '[2,"', 'ü'))
    .map((parts) => parts.join('')),
);
const anyFrame: fc.Arbitrary<PageFrame> = fc.record({
  no: fc.maxSafeNat(),
  sent: fc.boolean(),
  action: fc.oneof(fc.constantFrom('', 'Heartbeat'), anyText),
  messageId: anyText,
  bytes: fc.nat(),
  truncated: fc.boolean(),
  text: fc.oneof({ weight: 4, arbitrary: anyText }, fc.constant('x'.repeat(5_000))),
});
const anyPage = fc.array(anyFrame, { minLength: 1, maxLength: 64 });
const frame = (text: string): PageFrame => ({
  no: 1,
  sent: false,
  action: 'DataTransfer',
  messageId: 'm',
  bytes: text.length,
  truncated: false,
  text,
});
/** As UTF-8 has it: half a character is no character. */
const wellFormed = (text: string) => Buffer.from(text).toString();

describe('a packed page', () => {
  it('gives back every frame, whatever stands in it', async () => {
    await fc.assert(
      fc.asyncProperty(anyPage, async (frames) => {
        expect(await unpackPage(packPage(frames))).toEqual(
          frames.map((each) => ({ ...each, text: wellFormed(each.text) })),
        );
      }),
    );
  });

  it('shows half a character as one that is missing, and joins no halves of two frames', async () => {
    const [first, second] = await unpackPage(packPage([frame('cut \ud83d'), frame('\udd0c')]));
    expect([first!.text, second!.text]).toEqual(['cut \ufffd', '\ufffd']);
  });

  it('is deflated when it is worth it', () => {
    const few = packPage([frame('[2,"1","Heartbeat",{}]')]);
    const many = packPage(
      Array.from({ length: 26 }, (_, i) => frame(`[2,"${i}","X",{"v":"${'y'.repeat(800)}"}]`)),
    );
    expect([few[0], many[0]]).toEqual([PLAIN, DEFLATED]);
    expect(many.length).toBeLessThan(2_600);
  });

  it('holds as much as a full page can need', async () => {
    const full = Array.from({ length: 64 }, () => ({
      ...frame('€'.repeat(1_024)),
      no: Number.MAX_SAFE_INTEGER,
      action: '\u0001'.repeat(64),
      messageId: '\ud800'.repeat(64),
    }));
    expect(await unpackPage(packPage(full))).toEqual(full);
  });
});

describe('bytes that are no page', () => {
  const unreadable = { code: 'TRACE_PAGE_UNREADABLE' };

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a form of a later release', Buffer.from('\u0002[]\n')],
    ['what does not inflate', Buffer.from('\u0001[]\n')],
    ['what would fill the memory', formOf(DEFLATED, deflateRawSync(Buffer.alloc(10 * 1024 * 1024, '[')))],
    ['no line of figures', formOf(PLAIN, Buffer.from('[]'))],
    ['figures that are none', formOf(PLAIN, Buffer.from('{"a":1}\nx'))],
    ['a figure that is no number', formOf(PLAIN, Buffer.from('[["1",0,"A","m",1,0,1]]\nx'))],
    ['a name that is none', formOf(PLAIN, Buffer.from('[[1,0,2,"m",1,0,1]]\nx'))],
    [
      'lengths that undo each other',
      formOf(PLAIN, Buffer.from('[[1,0,"A","m",1,0,3],[1,0,"A","m",1,0,-2]]\nxx')),
    ],
    ['a text too few', formOf(PLAIN, Buffer.from('[[1,0,"A","m",1,0,1],[1,0,"A","m",1,0,1]]\nx'))],
  ])('are told as such: %s', async (_what, bytes) => {
    await expect(unpackPage(bytes)).rejects.toMatchObject(unreadable);
  });

  it('never fail otherwise, nor give what is no frame, however they were spoiled', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPage,
        fc.nat(),
        fc.nat({ max: 255 }),
        fc.boolean(),
        async (frames, where, byte, cut) => {
          const bytes = packPage(frames);
          const at = where % bytes.length;
          bytes[at] = byte;
          const read = await unpackPage(cut ? bytes.subarray(0, at) : bytes).catch((error: unknown) => error);
          if (Array.isArray(read))
            for (const { no, text } of read as PageFrame[])
              expect([Number.isSafeInteger(no), typeof text]).toEqual([true, 'string']);
          else expect(read).toMatchObject(unreadable);
        },
      ),
    );
  });
});

function formOf(form: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([form]), content]);
}
