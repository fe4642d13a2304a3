package dev.dlm.runtime.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of threads that share out the tasks of many concurrent callers.
 *
 * <p>A pool of {@code threads} threads counts the calling thread: it starts {@code threads - 1}
 * daemon workers. Every caller takes part in its own call and claims tasks one by one as the
 * workers do, so that a caller that finds all workers busy does its tasks itself and calls may
 * nest: no call ever waits for a task that nobody has begun. Which thread runs a task, and in which
 * order, is not fixed; tasks must write to places of their own.
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
  }

  /** How long a thread looks for what it waits for without offering the processor to others. */
  private static final long BUSY_NANOS = 4_000;

  private static final long LEAST_PATIENCE_NANOS = 20_000;
  private static final long MOST_PATIENCE_NANOS = 1_000_000;

  /** Calls in flight that workers can see; a call beyond these runs on its caller alone. */
  private static final int JOBS = 16;

  private static final VarHandle OWNED;
  private static final VarHandle TICKET;
  private static final VarHandle PENDING;
  private static final VarHandle FAILURE;
  private static final VarHandle ASLEEP;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      OWNED = lookup.findVarHandle(Job.class, "owned", boolean.class);
      TICKET = lookup.findVarHandle(Job.class, "ticket", long.class);
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
      jobs[i] = new Job();
    }
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker("dlm-worker-" + (i + 1));
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
   * <p>When a task throws, tasks that have not begun are left out and the first exception is thrown
   * here once those that have begun are done; later ones are attached to it as suppressed.
   *
   * @param tasks how many tasks there are; none is allowed
   * @param task what to run
   */
  public void run(int tasks, Task task) {
    Job job = tasks > 1 && workers.length > 0 && !closed ? claimJob() : null;
    if (job == null) {
      for (int i = 0; i < tasks; i++) {
        task.run(i);
      }
      return;
    }
    job.open(tasks, task);
    wake(Math.min(tasks - 1, workers.length));
    while (job.runOne()) {
      // One task was done; the condition looks for the next.
    }
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

  private boolean runAny() {
    boolean found = false;
    for (Job job : jobs) {
      while (job.runOne()) {
        found = true;
      }
    }
    return found;
  }

  private boolean anyOpen() {
    for (Job job : jobs) {
      if ((int) job.ticket != 0) {
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

    private volatile boolean owned;

    /**
     * The number of this use of the job in the upper half, how many tasks nobody has claimed yet in
     * the lower. Both in one word: a thread that read {@code task} of an earlier use fails to
     * claim.
     */
    private volatile long ticket;

    private volatile int pending;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Thread waiter;
    private @Nullable Task task;
    private int tasks;

    void open(int tasks, Task task) {
      this.task = task;
      this.tasks = tasks;
      pending = tasks;
      ticket = ((ticket >>> 32) + 1) << 32 | tasks;
    }

    @Nullable Throwable close() {
      Throwable thrown = failure;
      failure = null;
      task = null;
      owned = false;
      return thrown;
    }

    /** Claims and runs one task; false when all are claimed. */
    boolean runOne() {
      while (true) {
        long seen = ticket;
        int unclaimed = (int) seen;
        if (unclaimed == 0) {
          return false;
        }
        Task task = this.task;
        int index = tasks - unclaimed;
        if (task != null && TICKET.compareAndSet(this, seen, seen - 1)) {
          run(task, index);
          return true;
        }
      }
    }

    @SuppressWarnings("ThrowableNotThrown") // carried to the caller, which throws it
    private void run(Task task, int index) {
      try {
        if (failure == null) {
          task.run(index);
        }
      } catch (RuntimeException | Error e) {
        if (!FAILURE.compareAndSet(this, null, e)) {
          Throwable first = failure;
          if (first != null && first != e) {
            first.addSuppressed(e);
          }
        }
      } finally {
        if ((int) PENDING.getAndAdd(this, -1) == 1) {
          // The job may be in its next use already: its caller then wakes once for nothing.
          LockSupport.unpark(waiter);
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

    private final Thread thread;
    private volatile boolean asleep;

    Worker(String name) {
      thread = Thread.ofPlatform().daemon().name(name).unstarted(this);
    }

    @Override
    public void run() {
      long patience = LEAST_PATIENCE_NANOS;
      long idleSince = System.nanoTime();
      while (!closed) {
        if (runAny()) {
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
