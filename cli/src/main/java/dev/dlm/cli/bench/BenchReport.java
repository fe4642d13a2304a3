package dev.dlm.cli.bench;

import dev.dlm.cli.console.Event;
import dev.dlm.cli.show.Table;
import dev.dlm.plan.cost.Cost;
import dev.dlm.plan.cost.CostModel;
import dev.dlm.runtime.device.DeviceLimits;
import dev.dlm.runtime.profile.Durations;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured of a whole signature.
 *
 * @param sizes of every symbol
 * @param device one line about it
 * @param limits empty where the device cannot tell
 */
public record BenchReport(
    OpenedModel model,
    Map<String, Long> sizes,
    String device,
    int callers,
    Measurement measured,
    Optional<DeviceLimits> limits) {

  private Cost cost() {
    return CostModel.at(sizes).of(model.program());
  }

  private double operationsPerSecond() {
    return measured.runsPerSecond() * cost().operations().asLong();
  }

  private double bytesPerSecond() {
    return measured.runsPerSecond() * cost().bytes().asLong();
  }

  private double shareOf(DeviceLimits of) {
    return of.leastNanos(operationsPerSecond(), bytesPerSecond()) * 1e-9;
  }

  /** For people. */
  public String text() {
    Durations latencies = measured.latencies();
    Cost cost = cost();
    Table table =
        new Table()
            .row("runs", "%,d in %.2f s".formatted(latencies.count(), measured.seconds()))
            .row(
                "latency",
                "p50 %s, p90 %s, p99 %s, max %s"
                    .formatted(
                        time(latencies.quantileNanos(0.5)),
                        time(latencies.quantileNanos(0.9)),
                        time(latencies.quantileNanos(0.99)),
                        time(latencies.maxNanos())))
            .row("throughput", format("%,.1f runs/s", measured.runsPerSecond()))
            .row(
                "a run",
                format("%,d operations, ", cost.operations().asLong())
                    + format("%,d bytes", cost.bytes().asLong())
                    + (cost.isExact() ? "" : ", more or less, as values decide"))
            .row("rate", rates(operationsPerSecond(), bytesPerSecond()));
    limits.ifPresent(of ->
        table.row(
            "limits",
            rates(of.operationsPerSecond(), of.bytesPerSecond())
                + format("; the runs reach %.1f %% of them", 100 * shareOf(of))));
    return "%s of %s for %s, %d %s, %s\n%s"
        .formatted(
            model.program().name(),
            model.name(),
            sizes,
            callers,
            callers == 1 ? "caller" : "callers",
            device,
            table.print("  "));
  }

  /** For machines. */
  public Event event() {
    Durations latencies = measured.latencies();
    Map<String, Object> nanos = new LinkedHashMap<>();
    nanos.put("p50", latencies.quantileNanos(0.5));
    nanos.put("p90", latencies.quantileNanos(0.9));
    nanos.put("p99", latencies.quantileNanos(0.99));
    nanos.put("max", latencies.maxNanos());
    Event event =
        Event.of("bench")
            .with("model", model.name())
            .with("signature", model.program().name())
            .with("sizes", sizes)
            .with("device", device)
            .with("callers", callers)
            .with("runs", latencies.count())
            .with("seconds", measured.seconds())
            .with("latencyNanos", nanos)
            .with("runsPerSecond", measured.runsPerSecond())
            .with("operations", cost().operations().asLong())
            .with("bytes", cost().bytes().asLong())
            .with("exact", cost().isExact());
    limits.ifPresent(
        of -> event.with("limits", ProfileEvents.members(of)).with("shareOfLimit", shareOf(of)));
    return event;
  }

  private static String rates(double operationsPerSecond, double bytesPerSecond) {
    return format("%.2f GFLOP/s, ", operationsPerSecond * 1e-9)
        + format("%.2f GB/s", bytesPerSecond * 1e-9);
  }

  private static String time(long nanos) {
    if (nanos < 1_000_000) {
      return format("%.2f µs", nanos * 1e-3);
    }
    return nanos < 1_000_000_000 ? format("%.2f ms", nanos * 1e-6) : format("%.2f s", nanos * 1e-9);
  }

  private static String format(String form, Object number) {
    return String.format(Locale.ROOT, form, number);
  }
}
