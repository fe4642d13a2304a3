package dev.dlm.compiler.rematerialize;

import dev.dlm.compiler.fuse.Fusion;
import dev.dlm.compiler.fuse.Unit;
import dev.dlm.compiler.lower.PlanLowering;
import dev.dlm.compiler.pass.Pass;
import dev.dlm.ir.Body;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Graph;
import dev.dlm.ir.Node;
import dev.dlm.ir.Signature;
import dev.dlm.ir.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Computes values a second time, right before late uses, instead of keeping them, until the arena
 * of each signature is small enough: trades operations for bytes. Results keep their bits, because
 * the same nodes are applied to the same values.
 *
 * <ul>
 *   <li>{@code v; …; use(v) → v; …; v'; use(v')}, where {@code v'} is made from values that are
 *       kept anyway
 * </ul>
 *
 * <p>Greedy: the value that costs the fewest operations a byte comes first; each change is kept if
 * the arena of the plan, with its fusion and its layout, became smaller. A signature that is small
 * enough stays the same, and one that cannot be made small enough becomes as small as was found.
 *
 * <p>Runs last: a pass that shares equal nodes would undo it.
 *
 * @param maxArenaBytes how large the arena of a signature may be
 * @param sizes what symbols of sizes count as; others as {@link #NOMINAL_SIZE}
 * @param reports what was done, for each signature that was changed
 */
public record Rematerialize(
    long maxArenaBytes, Map<String, Long> sizes, Consumer<RematerializationReport> reports)
    implements Pass {
  /** What a symbol without a size counts as. */
  public static final long NOMINAL_SIZE = 64;

  /** Plans made for one signature, at most: one of a large model takes half a second. */
  private static final int MAX_TRIALS = 100;

  /** Values that are tried one after the other before it is given up, at most. */
  private static final int MAX_REJECTED = 24;

  /** Values below this part of the arena are not worth a try. */
  private static final long LEAST_PART = 400;

  public Rematerialize {
    sizes = Map.copyOf(sizes);
  }

  @Override
  public Graph apply(Graph graph) {
    List<Signature> signatures = graph.signatures().stream().map(this::fit).toList();
    return signatures.equals(graph.signatures())
        ? graph
        : new Graph(graph.name(), graph.variables(), signatures);
  }

  private Signature fit(Signature signature) {
    long before = arenaBytes(signature);
    long bytes = before;
    Signature current = signature;
    int values = 0;
    long operations = 0;
    int trials = 0;
    while (bytes > maxArenaBytes) {
      boolean changed = false;
      for (Recomputation one : cheapestFirst(current, bytes)) {
        if (changed || trials++ >= MAX_TRIALS) {
          break;
        }
        Signature tried = current.withBody(one.apply());
        long triedBytes = arenaBytes(tried);
        if (triedBytes < bytes) {
          bytes = triedBytes;
          current = tried;
          values++;
          operations += one.operations();
          changed = true;
        }
      }
      if (!changed) {
        break;
      }
    }
    if (values > 0) {
      reports.accept(
          new RematerializationReport(signature.name(), before, bytes, values, operations));
    }
    return current;
  }

  private List<Recomputation> cheapestFirst(Signature signature, long arenaBytes) {
    Body body = signature.body();
    BodyUses uses = new BodyUses(body, storedValues(body), this::size);
    return uses.stored().stream()
        .filter(value -> size(value.type().sizeBytes()) >= arenaBytes / LEAST_PART)
        .flatMap(value -> Recomputation.of(uses, value).stream())
        .sorted(Comparator.comparingDouble(Recomputation::operationsPerByte))
        .limit(MAX_REJECTED)
        .toList();
  }

  /** The values that steps of the plan write, in the order of the steps. */
  private static List<Value> storedValues(Body body) {
    List<Value> stored = new ArrayList<>();
    for (Unit unit : Fusion.unitsOf(body)) {
      switch (unit) {
        case Unit.Loop loop -> stored.addAll(loop.results());
        case Unit.Single(Node node, Optional<Unit.Loop> epilogue) ->
            stored.addAll(epilogue.map(Unit.Loop::results).orElse(node.results()));
      }
    }
    return stored;
  }

  private long arenaBytes(Signature signature) {
    return size(PlanLowering.program(signature).arenaBytes());
  }

  private long size(Dim dim) {
    return dim.evaluate(symbol -> sizes.getOrDefault(symbol, NOMINAL_SIZE));
  }
}
