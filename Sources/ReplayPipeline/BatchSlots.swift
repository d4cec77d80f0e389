/// The memory of the batches in flight, by their numbers. What was given back last is used next: it is still in the processor's
/// cache, and what never is in flight at once takes no memory.
///
/// Sendable: a batch's place is written by the job that splits it, before any other job knows the batch; what is free is behind
/// a lock.
final class BatchSlots: @unchecked Sendable {
  private let slots: [BatchSlot]
  /// By number modulo the window: which slot a batch has; -1 for none.
  private let places: UnsafeMutableBufferPointer<Int>
  private let free: LockedState<[Int]>

  /// - Parameter window: batches in flight at most.
  init(window: Int, _ slot: () -> BatchSlot) {
    slots = (0..<window).map { _ in slot() }
    places = .allocate(capacity: window)
    places.initialize(repeating: -1)
    free = LockedState(Array((0..<window).reversed()))
  }

  deinit { places.deallocate() }

  /// The slot of a batch in flight.
  subscript(batch: Int) -> BatchSlot {
    let place = places[batch % slots.count]
    precondition(place >= 0, "a batch has a slot from when it is split to when it is appended")
    return slots[place]
  }

  /// The slot of the batch that is split next, which keeps it until it is given back.
  func take(_ batch: Int) -> BatchSlot {
    if places[batch % slots.count] < 0 {
      places[batch % slots.count] = free.withLock { free in
        guard let place = free.popLast() else {
          preconditionFailure("no more batches are in flight than the window has")
        }
        return place
      }
    }
    return self[batch]
  }

  /// Takes the slot of a batch back: no job needs it any more.
  func giveBack(_ batch: Int) {
    let place = places[batch % slots.count]
    precondition(place >= 0, "a slot is given back once")
    places[batch % slots.count] = -1
    free.withLock { $0.append(place) }
  }
}
