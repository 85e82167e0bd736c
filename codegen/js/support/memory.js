/**
 * Arrays of methods of which one runs at a time, with the steps between which
 * each is used, and arrays that are lent until a step writes them: counted
 * first, then found again in the same order.
 */
export function arraysByTurn() {
  const methods = [];
  let own;
  let known = 0;
  let rooms = 0;
  let arrays = 0;
  return {
    methods,
    /** The next method. */
    begin() {
      if (known === methods.length) methods.push({ rooms: [], arrays: [] });
      own = methods[known++];
      rooms = 0;
      arrays = 0;
    },
    restart() {
      known = 0;
    },
    lend(owner, bytes, until) {
      own.rooms[rooms] ??= { bytes, until };
      own.rooms[rooms++].owner = owner;
    },
    next(bytes, from, until) {
      own.arrays[arrays] ??= { bytes, from, until, room: undefined, at: 0 };
      return own.arrays[arrays++];
    },
  };
}

/**
 * Finds places, the largest array first: where none lies that is used in one of
 * its steps, in what is lent or in memory of which it says how much there must
 * be. Each method has all of it.
 */
export function findPlaces(methods) {
  let size = 0;
  for (const { rooms, arrays } of methods) {
    const memory = { bytes: Infinity, until: Infinity, taken: [] };
    for (const room of rooms) room.taken = [];
    const smallest = [...rooms].sort((a, b) => a.bytes - b.bytes);
    const largest = [...arrays].sort((a, b) => b.bytes - a.bytes);
    for (const array of largest)
      array.room = [...smallest, memory].find((room) => placeIn(room, array));
    for (const { room, at, bytes } of arrays)
      if (room === memory) size = Math.max(size, at + bytes);
  }
  return Math.ceil(size / 16) * 16;
}

/**
 * Puts an array into the first gap that is large enough while it is used, if
 * there is one.
 */
export function placeIn({ bytes, until, taken }, array) {
  if (array.until >= until) return false;
  let at = 0;
  for (const other of taken) {
    if (other.until < array.from || array.until < other.from) continue;
    if (other.at - at >= array.bytes) break;
    at = Math.max(at, other.at + Math.ceil(other.bytes / 16) * 16);
  }
  if (at + array.bytes > bytes) return false;
  array.at = at;
  taken.push(array);
  taken.sort((a, b) => a.at - b.at);
  return true;
}

/**
 * Methods for given sizes, which share the memory of what they compute on the
 * way. They are made twice, first only to count.
 */
export function inOneMemory(sizes, binders) {
  const turns = arraysByTurn();
  const methodsIn = (memory) => {
    const area = {
      /** For what is computed on the way, from one step to another. */
      array(Type, count, from, until) {
        const bytes = Type.BYTES_PER_ELEMENT * count;
        const { room, at } = turns.next(bytes, from, until);
        return memory ? new Type(room.owner ?? memory, at, count) : new Type(0);
      },
      /** For a result: others may use it before the step that writes it. */
      result(Type, count, from) {
        const array = new Type(memory ? count : 0);
        const bytes = Type.BYTES_PER_ELEMENT * count;
        if (from > 0) turns.lend(array.buffer, bytes, from);
        return array;
      },
    };
    const methods = {};
    for (const name in binders) {
      const binder = binders[name];
      turns.begin();
      // Of what computes nothing on the way there is nothing to count.
      if (memory || binder.length > 1) methods[name] = binder(sizes, area);
    }
    return methods;
  };
  methodsIn(undefined);
  turns.restart();
  return methodsIn(new ArrayBuffer(findPlaces(turns.methods)));
}
