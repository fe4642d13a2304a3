package dev.dlm.benchmarks.report;

import dev.dlm.benchmarks.work.Cost;
import dev.dlm.benchmarks.work.Workload;
import java.util.List;

/**
 * A line of the table.
 *
 * @param label what people read
 * @param work whose measurements it shows, by name
 * @param figure which of their figures; the smaller the better
 * @param cost of the work
 */
record Line(String label, String work, String figure, Unit unit, Cost cost) {
  private static final Cost NONE = new Cost(0, 0, 0);

  /** The lines of a piece of work. */
  static List<Line> of(Workload work) {
    return switch (work) {
      case Workload.Product _ -> run(work, Unit.GIGAFLOPS);
      case Workload.MlpTraining _,
          Workload.CnnTraining _,
          Workload.Resnet18Training _,
          Workload.LstmTraining _ ->
          run(work, Unit.STEPS_PER_SECOND);
      case Workload.Encoder(boolean training) ->
          run(work, training ? Unit.STEPS_PER_SECOND : Unit.MILLISECONDS);
      case Workload.Resnet50Inference _, Workload.Gpt2Forward _ -> run(work, Unit.MILLISECONDS);
      case Workload.Elementwise _ -> run(work, Unit.GIGABYTES_PER_SECOND);
      case Workload.MlpLatency _ ->
          List.of(
              line(work, " p50", Measurement.P50, Unit.MICROSECONDS),
              line(work, " p99", Measurement.P99, Unit.MICROSECONDS),
              line(work, " rate", Measurement.CALL, Unit.CALLS_PER_SECOND));
    };
  }

  private static List<Line> run(Workload work, Unit unit) {
    return List.of(line(work, "", Measurement.RUN, unit));
  }

  private static Line line(Workload work, String suffix, String figure, Unit unit) {
    return new Line(work.name() + suffix, work.name(), figure, unit, Cost.of(work));
  }

  /** A line of what a process takes that has just begun. */
  static Line ofStart(String label, String work, String figure, Unit unit) {
    return new Line(label, work, figure, unit, NONE);
  }
}
