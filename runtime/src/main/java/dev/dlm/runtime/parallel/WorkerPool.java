package dev.dlm.runtime.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that share out the tasks of many concurrent callers.
 *
 * <p>A pool of {@code threads} threads counts the calling thread: it starts {@code threads - 1}
 * daemon workers. Every caller takes part in its own call and claims tasks as the workers do, so
 * that a caller that finds all workers busy does its tasks itself and calls may nest: no call ever
 * waits for a task that nobody has begun. Which thread runs a task, and in which order, is not
 * fixed; tasks must write to places of their own.
 *
 * <p>Each thread begins in a part of the tasks of its own and goes on to the others' when its own
 * is done. From call to call it so meets neighbouring tasks, whose data its cache holds, and does
 * not wait for other threads' claims. It claims a quarter of what is left of a part at a time: many
 * tasks at first, one by one in the end.
 *
 * <p>An idle worker looks for work for a while and then sleeps until a call wakes it, which takes
 * some 50 µs. How long it looks follows from how soon work came before: up to {@value
 * #MOST_PATIENCE_NANOS} ns where calls follow each other as in a training step, {@value
 * #LEAST_PATIENCE_NANOS} ns where they come now and then, so that a process without work rests.
 * After the first {@value #BUSY_NANOS} ns it offers the processor to other threads between looks. A
 * caller that waits for the last tasks of its call does the same. In the steady state a call
 * allocates nothing.
 *
 * <p>Thread-safe.
 */
public final class WorkerPool implements AutoCloseable {

  /** One piece of a call's work. */
  @FunctionalInterface
  public interface Task {

    /**
     * Does one piece.
     *
     * @param index which piece, from 0 to the call's number of tasks less one
     */
    void run(int index);

    /**
     * Does neighbouring pieces one after the other; to be overridden where this takes less than to
     * do each by itself.
     *
     * @param from the first piece
     * @param to the end of the pieces, exclusive
     */
    default void run(int from, int to) {
      for (int i = from; i < to; i++) {
        run(i);
      }
    }
  }

  /** How long a thread looks for what it waits for without offering the processor to others. */
  private static final long BUSY_NANOS = 4_000;

  private static final long LEAST_PATIENCE_NANOS = 20_000;
  private static final long MOST_PATIENCE_NANOS = 1_000_000;

  /** Calls in flight that workers can see; a call beyond these runs on its caller alone. */
  private static final int JOBS = 16;

  private static final VarHandle OWNED;
  private static final VarHandle TICKETS;
  private static final VarHandle PENDING;
  private static final VarHandle FAILURE;
  private static final VarHandle ASLEEP;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OWNED = lookup.findVarHandle(Job.class, "owned", boolean.class);
      TICKETS = MethodHandles.arrayElementVarHandle(long[].class);
      PENDING = lookup.findVarHandle(Job.class, "pending", int.class);
      FAILURE = lookup.findVarHandle(Job.class, "failure", Throwable.class);
      ASLEEP = lookup.findVarHandle(Worker.class, "asleep", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Job[] jobs = new Job[JOBS];
  private final Worker[] workers;
  private volatile boolean closed;

  /**
   * Starts a pool.
   *
   * @param threads how many threads work on a call, its caller among them; at least 1
   */
  public WorkerPool(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("a pool needs at least 1 thread, not " + threads);
    }
    for (int i = 0; i < JOBS; i++) {
      jobs[i] = new Job(threads);
    }
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
    }
    for (Worker worker : workers) {
      worker.thread.start();
    }
  }

  /** How many threads work on a call, its caller among them. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Runs {@code task} for every index from 0 to {@code tasks - 1} and returns when all have
   * finished. What the tasks wrote is visible to the caller afterwards.
   *
   * <p>When a task throws, tasks that no thread has claimed are left out and the first exception is
   * thrown here once those that were claimed are done; later ones are attached to it as suppressed.
   *
   * @param tasks how many tasks there are; none is allowed
   * @param task what to run
   */
  public void run(int tasks, Task task) {
    Job job = tasks > 1 && workers.length > 0 && !closed ? claimJob() : null;
    if (job == null) {
      task.run(0, tasks);
      return;
    }
    job.open(tasks, task);
    wake(Math.min(tasks - 1, workers.length));
    job.runUnclaimed(0);
    job.awaitAll();
    Throwable failure = job.close();
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /**
   * Stops the workers once they have finished the tasks they are at. Calls in flight are completed
   * by their callers, and later calls run on the calling thread alone.
   */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (Worker worker : workers) {
      LockSupport.unpark(worker.thread);
    }
    for (Worker worker : workers) {
      while (worker.thread != Thread.currentThread() && worker.thread.isAlive()) {
        try {
          worker.thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private @Nullable Job claimJob() {
    for (Job job : jobs) {
      if (!job.owned && OWNED.compareAndSet(job, false, true)) {
        return job;
      }
    }
    return null;
  }

  private void wake(int count) {
    int left = count;
    for (Worker worker : workers) {
      if (left == 0) {
        return;
      }
      if (worker.asleep && ASLEEP.compareAndSet(worker, true, false)) {
        LockSupport.unpark(worker.thread);
        left--;
      }
    }
  }

  private boolean runAny(int worker) {
    boolean found = false;
    for (Job job : jobs) {
      found |= job.runUnclaimed(worker);
    }
    return found;
  }

  private boolean anyOpen() {
    for (Job job : jobs) {
      if (job.hasUnclaimed()) {
        return true;
      }
    }
    return false;
  }

  /** Lets some time pass between two looks at what another thread will change soon. */
  private static void waitAMoment(long waitedNanos) {
    if (waitedNanos < BUSY_NANOS) {
      Thread.onSpinWait();
    } else {
      // The other thread may be waiting for this processor.
      Thread.yield();
    }
  }

  /** A call in flight; reused by later calls. */
  private static final class Job {

    /**
     * Tickets from one part to the next: no cache line, nor two that are read together, has two.
     */
    private static final int PITCH = 16;

    /** A claim takes this share of what is left of a part. */
    private static final int CLAIMED_SHARE = 4;

    private volatile boolean owned;

    /** Counts uses: odd while tasks may be claimed. Written last when a use begins. */
    private volatile int use;

    /**
     * For each part the number of this use in the upper half, how many of its tasks nobody has
     * claimed yet in the lower. Both in one word: a thread that read fields of an earlier use fails
     * to claim.
     */
    private final long[] tickets;

    private volatile int pending;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread waiter;
    private @Nullable Task task;
    private int tasks;
    private int parts;

    Job(int threads) {
      tickets = new long[PITCH * (threads + 1)];
    }

    void open(int tasks, Task task) {
      int next = use + 1;
      this.task = task;
      this.tasks = tasks;
      this.parts = Math.min(tasks, tickets.length / PITCH - 1);
      pending = tasks;
      for (int part = 0; part < parts; part++) {
        int size = start(part + 1, parts, tasks) - start(part, parts, tasks);
        TICKETS.setOpaque(tickets, PITCH * (part + 1), (long) next << 32 | size);
      }
      use = next;
    }

    @Nullable Throwable close() {
      use = use + 1;
      Throwable thrown = failure;
      failure = null;
      task = null;
      owned = false;
      return thrown;
    }

    /** The first task of a part. */
    private static int start(int part, int parts, int tasks) {
      return (int) ((long) part * tasks / parts);
    }

    boolean hasUnclaimed() {
      int seen = use;
      for (int place = PITCH; isOpen(seen) && place < tickets.length; place += PITCH) {
        if (unclaimed(ticket(place), seen) > 0) {
          return true;
        }
      }
      return false;
    }

    private static boolean isOpen(int use) {
      return (use & 1) != 0;
    }

    private long ticket(int place) {
      return (long) TICKETS.getVolatile(tickets, place);
    }

    private static int unclaimed(long ticket, int use) {
      return (int) (ticket >>> 32) == use ? (int) ticket : 0;
    }

    /**
     * Claims and runs tasks until all are claimed.
     *
     * @param thread the number of the thread: in which part it begins
     * @return whether there was any
     */
    boolean runUnclaimed(int thread) {
      int seen = use;
      if (!isOpen(seen)) {
        return false;
      }
      // Of this use if a claim succeeds: until then they may be another's.
      Task task = this.task;
      int tasks = this.tasks;
      int parts = this.parts;
      int claimed = 0;
      try {
        for (int i = 0; i < parts; i++) {
          int part = (thread + i) % parts;
          int place = PITCH * (part + 1);
          long ticket = ticket(place);
          for (int left = unclaimed(ticket, seen); left > 0; left = unclaimed(ticket, seen)) {
            int count = Math.max(1, left / CLAIMED_SHARE);
            if (task != null && TICKETS.compareAndSet(tickets, place, ticket, ticket - count)) {
              claimed += count;
              int from = start(part + 1, parts, tasks) - left;
              run(task, from, from + count);
            }
            ticket = ticket(place);
          }
        }
      } finally {
        if (claimed > 0 && (int) PENDING.getAndAdd(this, -claimed) == claimed) {
          // The job may be in its next use already: its caller then wakes once for nothing.
          LockSupport.unpark(waiter);
        }
      }
      return claimed > 0;
    }

    @SuppressWarnings("ThrowableNotThrown") // carried to the caller, which throws it
    private void run(Task task, int from, int to) {
      try {
        if (failure == null) {
          task.run(from, to);
        }
      } catch (RuntimeException | Error e) {
        if (!FAILURE.compareAndSet(this, null, e)) {
          Throwable first = failure;
          if (first != null && first != e) {
            first.addSuppressed(e);
          }
        }
      }
    }

    void awaitAll() {
      if (pending == 0) {
        return;
      }
      long start = System.nanoTime();
      long waited = 0;
      while (waited < MOST_PATIENCE_NANOS) {
        if (pending == 0) {
          return;
        }
        waitAMoment(waited);
        waited = System.nanoTime() - start;
      }
      boolean interrupted = false;
      waiter = Thread.currentThread();
      while (pending != 0) {
        LockSupport.park(this);
        // An interrupted thread does not sleep: the mark is taken off and set again afterwards.
        interrupted |= Thread.interrupted();
      }
      waiter = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private final class Worker implements Runnable {

    private final int number;
    private final Thread thread;
    private volatile boolean asleep;

    /**
     * A worker that was not started yet.
     *
     * @param number from 1 on; 0 are the callers
     */
    Worker(int number) {
      this.number = number;
      thread = Thread.ofPlatform().daemon().name("dlm-worker-" + number).unstarted(this);
    }

    @Override
    public void run() {
      long patience = LEAST_PATIENCE_NANOS;
      long idleSince = System.nanoTime();
      while (!closed) {
        if (runAny(number)) {
          idleSince = System.nanoTime();
          continue;
        }
        long idle = System.nanoTime() - idleSince;
        if (idle < patience) {
          waitAMoment(idle);
        } else {
          sleep();
          long now = System.nanoTime();
          patience = patienceAfter(now - idleSince, patience);
          idleSince = now;
        }
      }
    }

    /** More patience where a little more would have spared the sleep, less otherwise. */
    private static long patienceAfter(long idle, long patience) {
      return 2 * idle <= MOST_PATIENCE_NANOS
          ? Math.max(patience, 2 * idle)
          : Math.max(LEAST_PATIENCE_NANOS, patience / 2);
    }

    private void sleep() {
      asleep = true;
      // A call that was published before the mark above was set has woken nobody.
      while (asleep && !closed) {
        if (anyOpen()) {
          asleep = false;
          return;
        }
        LockSupport.park(WorkerPool.this);
        Thread.interrupted();
      }
      asleep = false;
    }
  }
}
