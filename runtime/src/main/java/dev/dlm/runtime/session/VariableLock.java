package dev.dlm.runtime.session;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets runs that only read the variables of a session go at once, and one that changes them alone.
 * Thread-safe.
 *
 * <p>A run that reads sets a mark of its own and looks whether somebody changes variables: it takes
 * no lock and writes nothing that another reader writes. Who changes variables says so first and
 * then waits until no mark is set. Runs that find a change under way queue up with those that want
 * to make one, so that neither side starves.
 */
final class VariableLock {
  private static final int SPINS = 200;

  /** Held by who changes variables, and by who looks at them without a mark. */
  private final ReentrantLock turn = new ReentrantLock(true);

  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private volatile boolean changing;
  private volatile boolean closed;
  private volatile @Nullable Thread changer;

  /** The mark of one run at a time that reads variables. */
  final class Reader {
    private final PaddedInt mark = new PaddedInt();

    private Reader() {}

    /**
     * Begins to read; waits while somebody changes variables.
     *
     * @throws IllegalStateException if the session is closed
     */
    void enter() {
      // The mark is set before the look, as the change is announced before marks are looked at: at
      // least one of the two sees the other.
      mark.set(1);
      if (changing) {
        awaitTurn();
      }
      if (closed) {
        leave();
        throw closedSession();
      }
    }

    void leave() {
      mark.set(0);
      if (changing) {
        LockSupport.unpark(changer);
      }
    }

    private void awaitTurn() {
      leave();
      turn.lock();
      try {
        mark.set(1);
      } finally {
        turn.unlock();
      }
    }

    private boolean reads() {
      return mark.get() != 0;
    }

    /** The mark will not be used any more. */
    void remove() {
      readers.remove(this);
    }
  }

  Reader newReader() {
    Reader reader = new Reader();
    readers.add(reader);
    return reader;
  }

  /**
   * Begins to change variables; waits for all who use them.
   *
   * @throws IllegalStateException if the session is closed
   */
  void enterAlone() {
    turn.lock();
    if (closed) {
      turn.unlock();
      throw closedSession();
    }
    awaitReaders();
  }

  void leaveAlone() {
    changing = false;
    changer = null;
    turn.unlock();
  }

  /**
   * Begins to read without a mark; waits while somebody changes variables, or reads in this way.
   *
   * @throws IllegalStateException if the session is closed
   */
  void enterBriefly() {
    turn.lock();
    if (closed) {
      turn.unlock();
      throw closedSession();
    }
  }

  void leaveBriefly() {
    turn.unlock();
  }

  /**
   * Lets nobody in any more, and waits for those who are.
   *
   * @return false if that has happened before
   */
  boolean close() {
    turn.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      awaitReaders();
      changing = false;
      changer = null;
      return true;
    } finally {
      turn.unlock();
    }
  }

  private void awaitReaders() {
    changer = Thread.currentThread();
    changing = true;
    boolean interrupted = false;
    for (Reader reader : readers) {
      for (int spins = 0; reader.reads(); spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
          // An interrupted thread does not sleep: the mark is taken off and set again afterwards.
          interrupted |= Thread.interrupted();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static IllegalStateException closedSession() {
    return new IllegalStateException("the session is closed");
  }
}
