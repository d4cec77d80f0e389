import ReplayTestSupport
import SystemFiles
import Testing

@Suite struct PageCacheTests {
  @Test func `a file is read to its end, and of a folder every file`() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write([UInt8](repeating: 1, count: 3 << 20), "large")
    try folder.write([1, 2, 3], "small")
    #expect(try PageCache.fill(from: file) == 3 << 20)
    #expect(try PageCache.fill(from: folder.path) == (3 << 20) + 3)
    #expect(throws: BoundedFile.Fault.self) { try PageCache.fill(from: "\(folder.path)/absent") }
  }
}
