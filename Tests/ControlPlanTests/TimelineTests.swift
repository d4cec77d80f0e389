import ControlPlan
import LogDecoding
import StorageProtocol
import Testing

/// Versions, slots and effects.
@Suite struct TimelineTests {
  @Test func `spans lie between control entries, and each carries its version`() throws {
    var log = try PlannedLog()
    let planned = try log.add([
      Entry.store, Entry.register("b"), Entry.register("a"), Entry.store, Entry.store, Entry.advance(-7), Entry.store,
      Entry.rewards(3),
    ])
    #expect(planned.spans.map(\.firstEntry) == [0, 3, 6])
    #expect(planned.spans.map(\.version.epoch.value) == [0, 0, -7])
    #expect(planned.spans.map(\.version.registered.ids) == [[], ["a", "b"], ["a", "b"]])
    #expect(planned.controls.map(\.entry) == [1, 2, 5, 7])
    #expect(planned.controls.map(\.epoch.value) == [0, 0, -7, -7])
    #expect(planned.firstOrdinal == Ordinal(0))
    let next = try log.add([Entry.store])
    #expect(next.firstOrdinal == Ordinal(8))
    #expect(next.spans.map(\.version.epoch.value) == [-7])
    let controlOnly = try log.add([Entry.advance(1)])
    #expect(controlOnly.spans.isEmpty)
  }

  @Test func `equal lists stay one object, across epochs and batches`() throws {
    var log = try PlannedLog()
    var lists: Set<ObjectIdentifier> = []
    var keptAlive: [TimelineVersion] = []
    for epoch in 0..<20 {
      let entries =
        (epoch == 0 ? [Entry.register("b"), Entry.register("a")] : []) + [Entry.advance(epoch), Entry.store]
      let version = try #require(try log.add(entries).spans.last).version
      keptAlive.append(version)
      lists.formUnion([ObjectIdentifier(version.eligible), ObjectIdentifier(version.registered)])
    }
    #expect(lists.count == 2, "one of eligible nodes, one of registered ones")
    let inactive = try #require(try log.add([Entry.status("b", "inactive"), Entry.store]).spans.last).version
    #expect(inactive.registered === keptAlive[0].registered)
    #expect(inactive.eligible.ids == ["a"])
  }

  @Test func `a slot is used again after its node is unregistered, and names are for ever`() throws {
    var log = try PlannedLog()
    var planned = try log.add(["a", "b", "c"].map(Entry.register) + [Entry.store])
    #expect(planned.slotCount == 3)
    #expect(planned.spans[0].version.registered.slots == [0, 1, 2])
    planned = try log.add([Entry.unregister("b"), Entry.register("d"), Entry.store])
    var registered = planned.spans[0].version.registered
    #expect(registered.ids == ["a", "c", "d"])
    #expect(registered.slots == [0, 2, 1])
    #expect(registered.names == [0, 2, 3])
    #expect(planned.slotCount == 3)
    planned = try log.add([
      Entry.unregister("a"), Entry.unregister("c"), Entry.register("b"), Entry.register("a"), Entry.register("e"),
      Entry.store,
    ])
    registered = planned.spans[0].version.registered
    #expect(registered.ids == ["a", "b", "d", "e"])
    #expect(Set(registered.slots) == [0, 1, 2, 3])
    #expect(registered.names == [0, 1, 3, 4])
    #expect(planned.slotCount == 4)
    #expect(planned.nodeNames.map(\.text) == ["a", "b", "c", "d", "e"])
  }

  @Test func `a node that is registered again keeps its slot, and a list that differs in a slot only is another one`()
    throws
  {
    var log = try PlannedLog()
    let before = try log.add([Entry.register("a"), Entry.register("b"), Entry.store]).spans[0].version
    let again = try log.add([Entry.register("a"), Entry.store]).spans[0].version
    #expect(again.registered === before.registered)
    let swapped = try log.add([
      Entry.unregister("a"), Entry.unregister("b"), Entry.register("a"), Entry.register("b"), Entry.store,
    ]).spans[0].version
    #expect(swapped.registered.ids == before.registered.ids)
    #expect(swapped.registered.slots == [1, 0])
    #expect(swapped.registered !== before.registered)
  }

  @Test func `ids are in the order of their bytes and found by them`() throws {
    let ids = ["\u{10000}", "\u{FF5E}", "e\u{301}", "\u{E9}", "", "z", "zz", "a"]
    var log = try PlannedLog()
    let list = try log.add(ids.map(Entry.register) + [Entry.store]).spans[0].version.eligible
    let sorted = ids.map(Identifier.init).sorted()
    #expect((0..<list.view.count).map { list.view.nodes[$0].id.array } == sorted.map(\.bytes))
    for (place, id) in sorted.enumerated() {
      let view = list.view.nodes[place].id
      #expect(list.view.node(view)?.id.array == id.bytes)
      var quoted: [UInt8] = []
      JSONFormat.appendString(id.bytes, to: &quoted)
      #expect(list.view.nodes[place].quoted.array == quoted)
    }
    #expect(list.view.quotedBytesMax == "\"\\ud800\\udc00\"".utf8.count)
    withExtendedLifetime(list) {}
  }

  @Test func `effects name slots, and say nothing of unknown nodes`() throws {
    var log = try PlannedLog()
    let planned = try log.add([
      Entry.register("a"), Entry.register("b"), Entry.unregister("a"), Entry.unregister("a"),
      Entry.status("a", "active"), Entry.status("b", "revoked"), Entry.uptime("b"), Entry.uptime("a"),
      Entry.context([]), Entry.rewards(5), Entry.advance(9),
    ])
    let words = planned.controls.map { control in
      switch control.effect {
      case .register(let slot, let node): "register \(slot) \(node.id.text)"
      case .unregister(let slot): "unregister \(slot)"
      case .status(let slot, let status): "status \(slot) \(status)"
      case .uptime(let slot, _): "uptime \(slot)"
      case .advance(let epoch, let verified): "advance \(epoch.value) \(verified)"
      case .rewards(let epoch): "rewards \(epoch.value)"
      case .nothing: "nothing"
      }
    }
    #expect(
      words == [
        "register 0 a", "register 1 b", "unregister 0", "nothing", "nothing", "status 1 revoked", "uptime 1", "nothing",
        "nothing", "rewards 5", "advance 9 [false, false]",
      ])
  }
}
