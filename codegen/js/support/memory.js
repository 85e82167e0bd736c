/**
 * Places in one memory for arrays that are used in some steps of a method only:
 * where no array lies that is used in one of these steps, and in arrays that
 * are lent until they are written. Methods run one at a time, so that each
 * begins with all of it.
 */
export function placesInTurn() {
  let size = 0;
  let rooms;
  const begin = () => {
    rooms = [{ owner: undefined, bytes: Infinity, until: Infinity, taken: [] }];
  };
  begin();
  return {
    begin,
    size: () => size,
    lend(owner, bytes, until) {
      rooms.push({ owner, bytes, until, taken: [] });
      rooms.sort((a, b) => a.bytes - b.bytes);
    },
    /** Arrays come in the order of their first steps. */
    place(bytes, from, until) {
      for (const room of rooms) {
        if (until >= room.until) continue;
        room.taken = room.taken.filter((other) => other.until >= from);
        let at = 0;
        let before = 0;
        for (const other of room.taken) {
          if (other.at - at >= bytes) break;
          at = other.end;
          before++;
        }
        if (at + bytes > room.bytes) continue;
        const end = at + Math.ceil(bytes / 16) * 16;
        room.taken.splice(before, 0, { at, end, until });
        if (room.owner === undefined) size = Math.max(size, end);
        return { owner: room.owner, at };
      }
    },
  };
}

/**
 * Arrays in a memory that is as large as they need; without it they are only
 * counted.
 */
export function arraysInTurn(memory) {
  const { begin, size, lend, place } = placesInTurn();
  return {
    begin,
    size,
    /** For what is computed on the way, from one step of a method to another. */
    array(Type, count, from, until) {
      const { owner, at } = place(Type.BYTES_PER_ELEMENT * count, from, until);
      return memory ? new Type(owner ?? memory, at, count) : new Type(0);
    },
    /** For a result: others may use it before the step that first writes it. */
    result(Type, count, from) {
      const array = new Type(memory ? count : 0);
      if (from > 0) lend(array.buffer, Type.BYTES_PER_ELEMENT * count, from);
      return array;
    },
  };
}

/**
 * Methods for given sizes, which share the memory of what they compute on the
 * way.
 */
export function inOneMemory(sizes, binders) {
  const methodsIn = (area) => {
    const methods = {};
    for (const name in binders) {
      area.begin();
      methods[name] = binders[name](sizes, area);
    }
    return methods;
  };
  const plan = arraysInTurn();
  methodsIn(plan);
  return methodsIn(arraysInTurn(new ArrayBuffer(plan.size())));
}
