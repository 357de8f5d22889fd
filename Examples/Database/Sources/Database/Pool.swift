import Glibc
import Synchronization

/// Connections of a number that is fixed. They are made when they are first needed, kept, and made anew where the server has gone and come
/// back; who needs one while all of them are at work waits, and not for ever.
public final class Pool: Sendable {
  public let settings: DatabaseSettings
  public let size: Int

  private let idle: Mutex<[Connection]>
  private let permits: Permits
  private let made = Atomic<Int>(0)

  /// - Parameter size: connections at most, 1 or more.
  public init(_ settings: DatabaseSettings, size: Int) {
    precondition(size >= 1, "Pool: size must be 1 or more")
    (self.settings, self.size) = (settings, size)
    idle = Mutex([])
    permits = Permits(size)
  }

  /// Connections that were made so far.
  public var connectionCount: Int { made.load(ordering: .relaxed) }

  /// Runs a statement. Its rows are read from what comes back, which holds a connection until it goes.
  ///
  /// - Throws: ``DatabaseError``; where it does, no connection is held.
  public func rows(of statement: Statement) throws(DatabaseError) -> Rows {
    guard permits.take(before: Deadline(afterMilliseconds: settings.waitMilliseconds)) else {
      throw DatabaseError(.poolExhausted, "no connection came free in \(settings.waitMilliseconds) ms")
    }
    do throws(DatabaseError) {
      if let connection = kept() {
        do throws(DatabaseError) {
          return try Rows(statement, on: connection, of: self)
        } catch {
          guard error.kind == .connectionLost, statement.isRepeatable else {
            keep(connection)
            throw error
          }
        }
      }
      let connection = try Connection(settings)
      made.add(1, ordering: .relaxed)
      do throws(DatabaseError) {
        return try Rows(statement, on: connection, of: self)
      } catch {
        keep(connection)
        throw error
      }
    } catch {
      permits.give()
      throw error
    }
  }

  /// One that was used before, and whose server is still there. The others are closed.
  private func kept() -> Connection? {
    while let connection = idle.withLock({ $0.popLast() }) {
      if connection.isAlive { return connection }
    }
    return nil
  }

  private func keep(_ connection: Connection) {
    // One that is in the middle of something, or whose server has gone, is closed when it goes from here.
    if connection.isAlive { idle.withLock { $0.append(connection) } }
  }

  /// Takes back what ``Rows`` have held.
  func giveBack(_ connection: Connection) {
    keep(connection)
    permits.give()
  }
}

/// A number of permits, and the way to wait for one.
@safe
private final class Permits: @unchecked Sendable {
  @safe
  private struct State {
    var lock = unsafe pthread_mutex_t()
    var condition = pthread_cond_t()
    var free: Int
  }

  private let state: UnsafeMutablePointer<State>

  init(_ count: Int) {
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: State(free: count))
    unsafe pthread_mutex_init(&state.pointee.lock, nil)
    // By the clock of ``Deadline``, which does not jump.
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(&state.pointee.condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(&state.pointee.condition)
    unsafe pthread_mutex_destroy(&state.pointee.lock)
    unsafe state.deinitialize(count: 1)
    unsafe state.deallocate()
  }

  /// Whether one came before the deadline.
  func take(before deadline: Deadline) -> Bool {
    var time = deadline.time
    unsafe pthread_mutex_lock(&state.pointee.lock)
    defer { unsafe pthread_mutex_unlock(&state.pointee.lock) }
    while unsafe state.pointee.free == 0 {
      let code = unsafe pthread_cond_timedwait(&state.pointee.condition, &state.pointee.lock, &time)
      if unsafe code != 0 && state.pointee.free == 0 { return false }
    }
    unsafe state.pointee.free -= 1
    return true
  }

  func give() {
    unsafe pthread_mutex_lock(&state.pointee.lock)
    unsafe state.pointee.free += 1
    unsafe pthread_cond_signal(&state.pointee.condition)
    unsafe pthread_mutex_unlock(&state.pointee.lock)
  }
}
