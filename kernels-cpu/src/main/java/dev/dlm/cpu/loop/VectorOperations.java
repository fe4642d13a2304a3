package dev.dlm.cpu.loop;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.dlm.ir.DType;
import dev.dlm.ir.HostTensor;
import dev.dlm.op.ScalarFunction;
import dev.dlm.op.array.Reduce;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes calls of the functions of vectors and masks. A mask belongs to a type of lanes; it is
 * changed over where it meets vectors of the other.
 */
final class VectorOperations {
  private static final ClassDesc MASKS =
      ClassDesc.of(VectorOperations.class.getPackageName() + ".MaskLanes");

  /** The integers that folds of {@code f32} are kept as. */
  private static final ClassDesc ORDERED = LaneType.I32.vector();

  private final CodeBuilder code;
  private final VectorForm form;
  private final String species;
  private final int lanes;
  private final MethodInliner inliner;

  VectorOperations(CodeBuilder code, VectorForm form, int vectorBits) {
    this.code = code;
    this.form = form;
    this.species = "SPECIES_" + vectorBits;
    this.lanes = form.lanes(vectorBits);
    this.inliner = new MethodInliner(code);
  }

  /** The type of lanes of values of a type; for booleans that of fresh masks. */
  LaneType laneTypeOf(DType dtype) {
    return dtype == DType.BOOL ? form.booleans() : LaneType.of(dtype);
  }

  /** Leaves a species on the stack. */
  void species(LaneType type) {
    code.getstatic(type.vector(), species, LaneType.SPECIES);
  }

  /**
   * Leaves the vector or mask on the stack whose lanes all have the value of a local.
   *
   * @return what a mask belongs to
   */
  LaneType broadcast(DType dtype, int local) {
    LaneType type = laneTypeOf(dtype);
    species(type);
    code.loadLocal(Kind.of(dtype).type(), local);
    if (dtype == DType.BOOL) {
      call(MASKS, "broadcast", LaneType.MASK, LaneType.SPECIES, CD_int);
    } else {
      call(type.functions(), "broadcast", type.vector(), LaneType.SPECIES, type.element());
    }
    return type;
  }

  /** Leaves neighbouring elements on the stack. */
  void load(DType dtype, Runnable address) {
    LaneType type = laneTypeOf(dtype);
    species(type);
    if (dtype == DType.BOOL) {
      code.loadConstant(lanes);
      address.run();
      invoke(MASKS, "load", CD_long, CD_int, CD_long);
      call(MASKS, "fromBits", LaneType.MASK, LaneType.SPECIES, CD_long);
    } else {
      address.run();
      call(type.functions(), "load", type.vector(), LaneType.SPECIES, CD_long);
    }
  }

  /** Writes neighbouring elements. */
  void store(DType dtype, int value, Runnable address) {
    LaneType type = laneTypeOf(dtype);
    code.aload(value);
    if (dtype == DType.BOOL) {
      call(MASKS, "toBits", CD_long, LaneType.MASK);
      code.loadConstant(lanes);
      address.run();
      invoke(MASKS, "store", CD_void, CD_long, CD_int, CD_long);
    } else {
      address.run();
      call(type.functions(), "store", CD_void, type.vector(), CD_long);
    }
  }

  /** Leaves elements that are {@code step} bytes apart on the stack. */
  void gather(DType dtype, Runnable address, int step) {
    LaneType type = laneTypeOf(dtype);
    if (dtype == DType.BOOL) {
      species(type);
      code.loadConstant(lanes);
      address.run();
      code.lload(step);
      invoke(MASKS, "gather", CD_long, CD_int, CD_long, CD_long);
      call(MASKS, "fromBits", LaneType.MASK, LaneType.SPECIES, CD_long);
      return;
    }
    buffer(type);
    code.loadConstant(lanes);
    address.run();
    code.lload(step);
    ClassDesc array = type.element().arrayType();
    invoke(type.functions(), "gather", CD_void, array, CD_int, CD_long, CD_long);
    species(type);
    buffer(type);
    code.iconst_0();
    loadArray(type);
  }

  /** Writes elements that are {@code step} bytes apart. */
  void scatter(DType dtype, int value, Runnable address, int step) {
    LaneType type = laneTypeOf(dtype);
    code.aload(value);
    if (dtype == DType.BOOL) {
      call(MASKS, "toBits", CD_long, LaneType.MASK);
      code.loadConstant(lanes);
      address.run();
      code.lload(step);
      invoke(MASKS, "scatter", CD_void, CD_long, CD_int, CD_long, CD_long);
      return;
    }
    buffer(type);
    code.iconst_0();
    storeArray(type);
    buffer(type);
    code.loadConstant(lanes);
    address.run();
    code.lload(step);
    ClassDesc array = type.element().arrayType();
    invoke(type.functions(), "scatter", CD_void, array, CD_int, CD_long, CD_long);
  }

  private void buffer(LaneType type) {
    code.aload(BlockWriter.STATE_SLOT)
        .getfield(BlockWriter.STATE, type.buffer(), type.element().arrayType());
  }

  /** From species, array and index on the stack. */
  void loadArray(LaneType type) {
    call(
        type.functions(),
        "load",
        type.vector(),
        LaneType.SPECIES,
        type.element().arrayType(),
        CD_int);
  }

  /** From value, array and index on the stack. */
  void storeArray(LaneType type) {
    call(type.functions(), "store", CD_void, type.vector(), type.element().arrayType(), CD_int);
  }

  /** Leaves the indices {@code position + step * column} of a vector on the stack. */
  void index(DType dtype, int position, int step, Runnable column) {
    boolean isFloat = dtype.isFloat();
    LaneType integers = dtype.sizeBytes() == 4 ? LaneType.I32 : LaneType.I64;
    species(integers);
    code.lload(position).lload(step);
    column.run();
    call(
        integers.functions(),
        "index",
        integers.vector(),
        LaneType.SPECIES,
        CD_long,
        CD_long,
        CD_int);
    if (isFloat) {
      LaneType floats = LaneType.of(dtype);
      call(integers.functions(), FunctionNames.of("to", dtype), floats.vector(), integers.vector());
    }
  }

  /** Turns the vector on the stack into one that {@link #fold} takes. */
  void beginFold(Reduce.Kind kind, LaneType type) {
    if (isOrdered(kind, type)) {
      call(type.functions(), FunctionNames.of("begin", kind), ORDERED, type.vector());
    }
  }

  /** From a vector of folds and one of elements on the stack. */
  void fold(Reduce.Kind kind, LaneType type) {
    if (isOrdered(kind, type)) {
      call(type.functions(), FunctionNames.of("fold", kind), ORDERED, ORDERED, type.vector());
    } else {
      combine(kind, type);
    }
  }

  /** Turns what {@link #fold} left on the stack back into elements. */
  void endFold(Reduce.Kind kind, LaneType type) {
    if (isOrdered(kind, type)) {
      call(type.functions(), FunctionNames.of("end", kind), type.vector(), ORDERED);
    }
  }

  /** Whether folds are kept as integers in the order of the elements. */
  private static boolean isOrdered(Reduce.Kind kind, LaneType type) {
    return type == LaneType.F32 && (kind == Reduce.Kind.MAX || kind == Reduce.Kind.MIN);
  }

  /** From two vectors on the stack. */
  void combine(Reduce.Kind kind, LaneType type) {
    call(
        type.functions(),
        FunctionNames.of(kind.combiner()),
        type.vector(),
        type.vector(),
        type.vector());
  }

  /**
   * Leaves the value of a function on the stack.
   *
   * @param last the element type of the last argument
   * @param arguments locals
   * @param owners for each argument that is a mask what it belongs to
   * @param operations all operations of the block
   * @return what a resulting mask belongs to; null if the result is no mask
   */
  @Nullable LaneType apply(
      Operation.Apply apply,
      DType last,
      int[] arguments,
      @Nullable LaneType[] owners,
      List<Operation> operations) {
    if (apply.function() == ScalarFunction.CAST) {
      return convert(last, apply.dtype(), arguments[0], owners[0]);
    }
    if (last == DType.BOOL) {
      return applyToMasks(apply, arguments, owners);
    }
    LaneType type = LaneType.of(last);
    List<ClassDesc> parameters = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      boolean isMask = apply.function() == ScalarFunction.SELECT && i == 0;
      if (isMask) {
        loadMask(arguments[i], owners[i], type);
      } else {
        code.aload(arguments[i]);
      }
      parameters.add(isMask ? LaneType.MASK : type.vector());
    }
    boolean gives = apply.function().isPredicate();
    call(
        type.functions(),
        FunctionNames.of(apply.function()) + variant(apply, operations),
        gives ? LaneType.MASK : type.vector(),
        parameters.toArray(ClassDesc[]::new));
    return gives ? type : null;
  }

  /** What the name of a function ends with whose arguments are known to be easier than others. */
  private static String variant(Operation.Apply apply, List<Operation> operations) {
    if (comparesNumbers(apply, operations)) {
      return "WithNumbers";
    }
    return isExpOfNonPositive(apply, operations) ? "OfNonPositive" : "";
  }

  /** Whether a function is the exponential of a number less the maximum of its row. */
  private static boolean isExpOfNonPositive(Operation.Apply apply, List<Operation> operations) {
    return apply.function() == ScalarFunction.EXP
        && apply.dtype() == DType.F32
        && operations.get(apply.arguments().get(0)) instanceof Operation.Apply difference
        && difference.function() == ScalarFunction.SUBTRACT
        && operations.get(difference.arguments().get(1)) instanceof Operation.Folded folded
        && folded.maximumOf() == difference.arguments().get(0);
  }

  /**
   * Whether a function keeps its first argument within constants so plain, neither NaN nor −0, that
   * one comparison tells which is the result.
   */
  private static boolean comparesNumbers(Operation.Apply apply, List<Operation> operations) {
    return switch (apply.function()) {
      case MAXIMUM, MINIMUM, CLAMP ->
          apply.dtype() == DType.F32
              && apply.arguments().stream().skip(1).map(operations::get).allMatch(o -> isPlain(o));
      default -> false;
    };
  }

  private static boolean isPlain(Operation operation) {
    if (!(operation instanceof Operation.Literal(HostTensor value))) {
      return false;
    }
    double number = value.doubleAt(0);
    return !Double.isNaN(number) && Double.compare(number, -0.0) != 0;
  }

  private LaneType applyToMasks(
      Operation.Apply apply, int[] arguments, @Nullable LaneType[] owners) {
    LaneType owner = form.booleans();
    ClassDesc[] parameters = new ClassDesc[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      loadMask(arguments[i], owners[i], owner);
      parameters[i] = LaneType.MASK;
    }
    call(MASKS, FunctionNames.of(apply.function()), LaneType.MASK, parameters);
    return owner;
  }

  private void loadMask(int local, @Nullable LaneType owner, LaneType wanted) {
    code.aload(local);
    if (owner != wanted) {
      species(wanted);
      call(MASKS, "cast", LaneType.MASK, LaneType.MASK, LaneType.SPECIES);
    }
  }

  private @Nullable LaneType convert(DType from, DType to, int argument, @Nullable LaneType owner) {
    if (from == to) {
      code.aload(argument);
      return owner;
    }
    if (from == DType.BOOL) {
      LaneType type = LaneType.of(to);
      species(type);
      loadMask(argument, owner, type);
      call(type.functions(), "fromBool", type.vector(), LaneType.SPECIES, LaneType.MASK);
      return null;
    }
    LaneType type = LaneType.of(from);
    code.aload(argument);
    boolean toMask = to == DType.BOOL;
    call(
        type.functions(),
        FunctionNames.of("to", to),
        toMask ? LaneType.MASK : LaneType.of(to).vector(),
        type.vector());
    return toMask ? type : null;
  }

  /** A call that stays a call: no vector goes in or out. */
  private void invoke(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
    code.invokestatic(owner, name, MethodTypeDesc.of(result, parameters));
  }

  private void call(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
    inliner.call(owner, name, MethodTypeDesc.of(result, parameters));
  }
}
