import { EventEmitter } from 'node:events';

/** Facts inside the mock; a subscription is a stream of those its function turns into data. */
export function createBus() {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  return {
    emit: (name, fact) => emitter.emit(name, fact),
    stream(name, toData) {
      const waiting = [];
      let wake = () => undefined;
      const listen = (fact) => {
        const data = toData(fact);
        if (data) waiting.push(data);
        wake();
      };
      emitter.on(name, listen);
      let done = false;
      return {
        [Symbol.asyncIterator]() {
          return this;
        },
        async next() {
          while (waiting.length === 0 && !done) await new Promise((resolve) => (wake = resolve));
          return done ? { done: true, value: undefined } : { done: false, value: waiting.shift() };
        },
        async return() {
          done = true;
          emitter.off(name, listen);
          wake();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
