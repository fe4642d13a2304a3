package dev.dlm.runtime.profile;

import dev.dlm.plan.NumberedStep;
import dev.dlm.plan.Program;
import dev.dlm.runtime.checkpoint.AtomicFile;
import dev.dlm.runtime.checkpoint.JsonWriter;
import dev.dlm.runtime.device.StepObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * When each step of some runs began and ended, as a file that Perfetto and the browsers' trace
 * viewers open: complete events of the <a
 * href="https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU">Trace
 * Event Format</a>. Steps lie within the run of their program, and steps inside of a step within
 * that.
 *
 * <p>Holds a bounded number of events; what comes after is counted and left out. Thread-safe; what
 * {@link #observe} gives is used by one thread at a time.
 */
public final class Trace {
  /** Events that make a file of about 10 MB. */
  public static final int STANDARD_EVENTS = 50_000;

  private static final int FIRST_CAPACITY = 1024;
  private static final int CHUNK_CHARS = 1 << 16;

  private final int maxEvents;
  private final List<Runs> programs = new ArrayList<>();
  private final Map<Long, String> threads = new TreeMap<>();
  private int count;
  private long dropped;
  private int[] program = new int[0];
  private int[] step = new int[0];
  private long[] thread = new long[0];
  private long[] begin = new long[0];
  private long[] end = new long[0];

  /**
   * Begins a trace.
   *
   * @param maxEvents steps and runs that it holds at most
   */
  public Trace(int maxEvents) {
    this.maxEvents = maxEvents;
  }

  /**
   * What to observe the runs of a program with.
   *
   * @param sizes of every symbol of the program
   */
  public synchronized StepObserver observe(Program program, Map<String, Long> sizes) {
    Runs runs = new Runs(programs.size(), program, sizes);
    programs.add(runs);
    return runs;
  }

  /** Whether no further event has room. */
  public synchronized boolean isFull() {
    return count == maxEvents;
  }

  /** Steps and runs that it holds. */
  public synchronized int countEvents() {
    return count;
  }

  /** Steps and runs that had no room. */
  public synchronized long countDropped() {
    return dropped;
  }

  private synchronized void add(int program, int step, long begin, long end) {
    if (count == maxEvents) {
      dropped++;
      return;
    }
    if (count == this.step.length) {
      int capacity = Math.clamp(2L * count, FIRST_CAPACITY, Integer.MAX_VALUE - 8);
      this.program = Arrays.copyOf(this.program, capacity);
      this.step = Arrays.copyOf(this.step, capacity);
      this.thread = Arrays.copyOf(this.thread, capacity);
      this.begin = Arrays.copyOf(this.begin, capacity);
      this.end = Arrays.copyOf(this.end, capacity);
    }
    Thread current = Thread.currentThread();
    threads.put(current.threadId(), current.getName());
    this.program[count] = program;
    this.step[count] = step;
    this.thread[count] = current.threadId();
    this.begin[count] = begin;
    this.end[count] = end;
    count++;
  }

  /**
   * Writes the file, as a whole or not at all.
   *
   * @throws dev.dlm.diagnostic.GraphException with code {@code file-write}
   */
  public synchronized void write(Path file) {
    AtomicFile.write(file, "trace", this::writeTo);
  }

  private void writeTo(WritableByteChannel channel) throws IOException {
    long zero = count == 0 ? 0 : Arrays.stream(begin, 0, count).min().getAsLong();
    StringBuilder text = new StringBuilder("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
    text.append("{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"args\":{\"name\":\"dlm\"}}");
    threads.forEach((id, name) -> {
      text.append(",\n{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":").append(id);
      text.append(",\"args\":{\"name\":");
      JsonWriter.appendString(text, name);
      text.append("}}");
    });
    for (int i = 0; i < count; i++) {
      Runs runs = programs.get(program[i]);
      text.append(",\n{\"name\":");
      JsonWriter.appendString(text, step[i] < 0 ? runs.name : runs.steps.get(step[i]).kernel());
      text.append(",\"cat\":\"").append(step[i] < 0 ? "run" : "step");
      text.append("\",\"ph\":\"X\",\"pid\":1,\"tid\":").append(thread[i]);
      text.append(",\"ts\":").append(micros(begin[i] - zero));
      text.append(",\"dur\":").append(micros(end[i] - begin[i]));
      text.append(",\"args\":{");
      if (step[i] < 0) {
        text.append("\"sizes\":");
        JsonWriter.appendString(text, runs.sizes);
      } else {
        append(text, runs.steps.get(step[i]));
      }
      text.append("}}");
      if (text.length() >= CHUNK_CHARS) {
        channel.write(StandardCharsets.UTF_8.encode(text.toString()));
        text.setLength(0);
      }
    }
    ByteBuffer rest = StandardCharsets.UTF_8.encode(text.append("\n]}\n").toString());
    channel.write(rest);
  }

  private static void append(StringBuilder text, CostedStep step) {
    text.append("\"step\":");
    JsonWriter.appendString(text, step.numbered().path());
    text.append(",\"place\":");
    JsonWriter.appendString(text, step.place());
    text.append(",\"operations\":").append(step.operations());
    text.append(",\"bytes\":").append(step.bytes());
  }

  private static String micros(long nanos) {
    return String.format(Locale.ROOT, "%d.%03d", nanos / 1000, nanos % 1000);
  }

  /** Runs of one program, from the first step's begin to the last one's end. */
  private final class Runs implements StepObserver {
    private static final int RUN = -1;

    private final int index;
    private final String name;
    private final String sizes;
    private final List<CostedStep> steps;
    private final long[] begins;
    private final int last;

    private Runs(int index, Program program, Map<String, Long> sizes) {
      this.index = index;
      this.name = program.name();
      this.sizes = sizes.toString();
      this.steps = CostedStep.of(program, sizes);
      this.begins = new long[steps.size()];
      this.last =
          steps.stream()
              .map(CostedStep::numbered)
              .filter(step -> step.parent() == NumberedStep.NONE)
              .mapToInt(NumberedStep::number)
              .max()
              .orElse(0);
    }

    @Override
    public void began(int step) {
      begins[step] = System.nanoTime();
    }

    @Override
    public void ended(int step) {
      long end = System.nanoTime();
      add(index, step, begins[step], end);
      if (step == last) {
        add(index, RUN, begins[0], end);
      }
    }
  }
}
