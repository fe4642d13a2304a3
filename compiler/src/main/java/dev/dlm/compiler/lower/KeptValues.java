package dev.dlm.compiler.lower;

import dev.dlm.ir.Value;
import dev.dlm.op.ScalarFunction;
import dev.dlm.plan.Access;
import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import dev.dlm.plan.LoopKernel;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;

/**
 * Values of a loop that several sweeps need and one computes: that sweep stores them where a result
 * of the loop will lie, and the others load them from there until the result is stored over them.
 * So softmax computes each exponential once. The row is in the fastest cache meanwhile. Immutable.
 */
final class KeptValues {
  /** Nothing is kept. */
  static final KeptValues NONE = new KeptValues(Map.of());

  /** Functions that cost more than to store and load their value. */
  private static final Set<ScalarFunction> COSTLY =
      EnumSet.of(
          ScalarFunction.EXP,
          ScalarFunction.LOG,
          ScalarFunction.LOG1P,
          ScalarFunction.EXPM1,
          ScalarFunction.SIN,
          ScalarFunction.COS,
          ScalarFunction.TAN,
          ScalarFunction.ASIN,
          ScalarFunction.ACOS,
          ScalarFunction.ATAN,
          ScalarFunction.ATAN2,
          ScalarFunction.SINH,
          ScalarFunction.COSH,
          ScalarFunction.TANH,
          ScalarFunction.SIGMOID,
          ScalarFunction.ERF,
          ScalarFunction.POWER);

  private final Map<Value, Place> places;

  /**
   * Where a value is kept.
   *
   * @param result what lies there in the end
   * @param sweep the one that computes the value
   */
  private record Place(Value result, int sweep) {}

  private KeptValues(Map<Value, Place> places) {
    this.places = places;
  }

  static boolean isWorthKeeping(ScalarFunction function) {
    return COSTLY.contains(function);
  }

  /**
   * Finds a place for each value that more than one sweep computes, as far as there are results of
   * its type that come later.
   *
   * @param computedIn the sweeps that compute each value worth keeping
   * @param results results with an element for each row and column, with the sweep that stores each
   */
  static KeptValues choose(
      Map<Value, NavigableSet<Integer>> computedIn, Map<Value, Integer> results) {
    Map<Value, Place> places = new LinkedHashMap<>();
    Set<Value> taken = new HashSet<>();
    computedIn.forEach((value, sweeps) -> {
      Optional<Value> place =
          results.entrySet().stream()
              .filter(result -> result.getValue() >= sweeps.last())
              .map(Map.Entry::getKey)
              .filter(result -> result.type().equals(value.type()) && !taken.contains(result))
              .findFirst();
      if (sweeps.size() > 1 && place.isPresent()) {
        taken.add(place.get());
        places.put(value, new Place(place.get(), sweeps.first()));
      }
    });
    return new KeptValues(places);
  }

  boolean isEmpty() {
    return places.isEmpty();
  }

  /** The kept values that a sweep computes, with the results in whose places they lie. */
  Map<Value, Value> computedIn(int sweep) {
    Map<Value, Value> computed = new LinkedHashMap<>();
    places.forEach((value, place) -> {
      if (place.sweep() == sweep) {
        computed.put(value, place.result());
      }
    });
    return computed;
  }

  /** The result in whose place an earlier sweep than the given one has kept a value. */
  Optional<Value> placeOf(Value value, int sweep) {
    return Optional.ofNullable(places.get(value))
        .filter(place -> place.sweep() < sweep)
        .map(Place::result);
  }

  /**
   * Whether no sweep after one that keeps a value reads operands that the result could be written
   * over. Where one does, the result would need memory of its own, which costs more than to compute
   * the value again.
   */
  boolean leavesReadsAlone(LoopLowering.Lowered lowered) {
    LoopKernel kernel = lowered.kernel();
    int countReads = lowered.reads().size();
    for (Place place : places.values()) {
      int written = countReads + lowered.writes().indexOf(place.result());
      for (int block = place.sweep() + 1; block < kernel.sweeps().size(); block++) {
        for (Instruction instruction : kernel.sweeps().get(block).instructions()) {
          if (instruction instanceof Instruction.Load(int number, var dtype, var unused)) {
            Access access = kernel.accesses().get(number);
            if (access.operand() < countReads
                && dtype == place.result().dtype()
                && access.hasSameMapAs(storeOf(kernel, written))) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  private static Access storeOf(LoopKernel kernel, int operand) {
    return kernel.sweeps().stream()
        .flatMap(sweep -> sweep.stores().stream())
        .map(Block.Store::access)
        .map(kernel.accesses()::get)
        .filter(access -> access.operand() == operand)
        .findFirst()
        .orElseThrow();
  }
}
