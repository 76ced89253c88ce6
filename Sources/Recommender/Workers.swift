import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs independent pieces of work on a few threads, each with a workspace of its own.
///
/// Threads live as long as one call: starting them costs microseconds where a piece costs milliseconds, and none ever
/// spins or waits idle. Results come back in the order of the pieces, so answers do not depend on the thread count.
public struct Workers<Workspace>: Sendable {
  /// Each is used by one thread at a time, which is what makes sharing them safe.
  private nonisolated(unsafe) let workspaces: [Workspace]

  /// - Parameter workspaces: one for each thread; at least one.
  public init(workspaces: [Workspace]) {
    precondition(!workspaces.isEmpty)
    self.workspaces = workspaces
  }

  public var count: Int { workspaces.count }

  /// `body` of every item. The first error, in the order of the items, is thrown.
  public func map<Item: Sendable, Answer: Sendable>(
    _ items: [Item], _ body: @escaping @Sendable (Item, Workspace) throws -> Answer
  ) throws -> [Answer] {
    if items.count <= 1 || workspaces.count == 1 { return try items.map { try body($0, workspaces[0]) } }
    let job = Job(items: items, body: body)
    let threads = workspaces.dropFirst().prefix(items.count - 1).compactMap { workspace in
      nonisolated(unsafe) let workspace = workspace
      return PosixThread { job.run(workspace) }
    }
    job.run(workspaces[0])
    for thread in threads { thread.join() }
    return try job.answers()
  }

  private final class Job<Item: Sendable, Answer: Sendable>: Sendable {
    private let items: [Item]
    private let body: @Sendable (Item, Workspace) throws -> Answer
    private let next = Atomic<Int>(0)
    private let results: Mutex<[Result<Answer, any Error>?]>

    init(items: [Item], body: @escaping @Sendable (Item, Workspace) throws -> Answer) {
      self.items = items
      self.body = body
      results = Mutex(items.map { _ in nil })
    }

    func run(_ workspace: Workspace) {
      while true {
        let place = next.add(1, ordering: .relaxed).oldValue
        guard place < items.count else { return }
        let result = Result { try body(items[place], workspace) }
        results.withLock { $0[place] = result }
      }
    }

    func answers() throws -> [Answer] {
      try results.withLock { results in try results.map { try $0!.get() } }
    }
  }
}

/// A thread that runs a closure once.
private struct PosixThread {
  private let handle: pthread_t

  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Nil where the system gives no more threads; the work is then done by those there are.
  init?(_ body: @escaping @Sendable () -> Void) {
    let start = Unmanaged.passRetained(Start(body))
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      return nil
    }
    self.handle = handle
  }

  func join() { pthread_join(handle, nil) }
}
