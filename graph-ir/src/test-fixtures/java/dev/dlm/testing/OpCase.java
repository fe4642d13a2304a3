package dev.dlm.testing;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.op.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * An op applied to operands of certain types: one that must work, or one that violates a
 * constraint.
 *
 * @param operands of constant shape
 * @param domains where the elements of the operands lie, one an operand
 * @param violated the label of the constraint that type inference must name, for example {@code C2}
 */
public record OpCase(
    Op op, List<TensorType> operands, List<Domain> domains, Optional<String> violated) {

  /** Where elements of an operand lie so that the op is defined, tame and smooth around them. */
  public enum Domain {
    /** Within ±2; integers within ±5. */
    ANY,
    /** From 0.5 to 2.5; integers from 1 to 6. */
    POSITIVE,
    /** Magnitude from 0.5 to 2.5, either sign. */
    NOT_ZERO,
    /** Within ±0.9; integers within ±5. */
    INSIDE_UNIT,
    /** Within ±2 but never near an integer. */
    BETWEEN_INTEGERS
  }

  public OpCase {
    operands = List.copyOf(operands);
    domains = List.copyOf(domains);
  }

  /** A case that must work, all operands in the domain {@link Domain#ANY}. */
  public static OpCase works(Op op, TensorType... operands) {
    return works(op, Domain.ANY, operands);
  }

  /** A case that must work, all operands in one domain. */
  public static OpCase works(Op op, Domain domain, TensorType... operands) {
    List<TensorType> types = List.of(operands);
    return new OpCase(op, types, types.stream().map(type -> domain).toList(), Optional.empty());
  }

  /** A case in which type inference must fail and name a constraint. */
  public static OpCase fails(String label, Op op, TensorType... operands) {
    List<TensorType> types = List.of(operands);
    return new OpCase(
        op, types, types.stream().map(type -> Domain.ANY).toList(), Optional.of(label));
  }

  /** This case with a domain for each operand. */
  public OpCase in(Domain... each) {
    return new OpCase(op, operands, List.of(each), violated);
  }

  /** Whether type inference must succeed. */
  public boolean isPositive() {
    return violated.isEmpty();
  }

  /** Whether all operands are floating point and there is at least one. */
  public boolean takesOnlyFloats() {
    return !operands.isEmpty() && operands.stream().allMatch(type -> type.dtype().isFloat());
  }

  /**
   * Operands for this case: for each seed the same, elements in their domains and, where the
   * element type and the number of elements allow, all different, also between operands.
   */
  public List<HostTensor> arguments(long seed) {
    Random random = new Random(seed);
    List<HostTensor> tensors = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      double offset = (i + 1) / (operands.size() + 2.0);
      tensors.add(tensor(operands.get(i), domains.get(i), offset, random));
    }
    return tensors;
  }

  private static HostTensor tensor(TensorType type, Domain domain, double offset, Random random) {
    int count = Math.toIntExact(type.shape().count().asLong());
    int[] order = shuffled(count, random);
    if (type.dtype().isFloat()) {
      return HostTensor.ofDoubles(type, i -> place(domain, (order[i] + offset) / count));
    }
    return HostTensor.ofLongs(type, i -> placeInteger(type.dtype(), domain, order[i]));
  }

  /** Maps the unit interval to the domain. */
  private static double place(Domain domain, double unit) {
    return switch (domain) {
      case ANY -> 4 * unit - 2;
      case POSITIVE -> 0.5 + 2 * unit;
      case NOT_ZERO -> unit < 0.5 ? -0.5 - 4 * unit : 0.5 + 4 * (unit - 0.5);
      case INSIDE_UNIT -> 1.8 * unit - 0.9;
      case BETWEEN_INTEGERS ->
          Math.floor(4 * unit - 2) + 0.25 + 0.5 * (4 * unit - Math.floor(4 * unit));
    };
  }

  private static long placeInteger(DType dtype, Domain domain, int order) {
    if (dtype == DType.BOOL) {
      return order % 2;
    }
    return switch (domain) {
      case ANY, INSIDE_UNIT, BETWEEN_INTEGERS -> dtype == DType.U8 ? order % 11 : order % 11 - 5;
      case POSITIVE -> order % 6 + 1;
      case NOT_ZERO -> dtype == DType.U8 || order % 2 == 0 ? order % 6 + 1 : -(order % 6) - 1;
    };
  }

  private static int[] shuffled(int count, Random random) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    return order;
  }

  /** For example {@code dot(f32[2, 3], f32[3, 4])}, and the violated constraint. */
  @Override
  public String toString() {
    String types = String.join(", ", operands.stream().map(TensorType::toString).toList());
    String text = op + " (" + types + ")";
    return violated.map(label -> text + " violates " + label).orElse(text);
  }
}
