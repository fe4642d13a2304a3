package dev.dlm.cpu.contraction;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.dlm.cpu.loop.ElementMemory;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.function.Consumer;

/**
 * Writes {@link TileKernel}s for one tile size, vector width and strip layout as bytecode.
 *
 * <p>A tile of {@code R} rows and {@code V} vectors keeps {@code R * V} sums in registers. Each
 * step of depth loads {@code V} vectors of the panel, and for each row broadcasts one element of
 * the strip and does {@code V} fused multiply-adds. The generated class is what javac would make of
 * those lines written out; sizes that are constants here become displacements in machine code.
 *
 * <p>C1 gives up on methods that inline too much, and a method that it gave up on at one tier may
 * stay at another for good, hundreds of times too slow. Strips are therefore arrays, panels and
 * results lie at addresses, and a tile is only ever stored here and added to a result elsewhere.
 *
 * <p>{@code run} finds the addresses; the loop is a method of its own, too long to be inlined. So
 * C2 makes the same code of it in every process, whatever segments it has met: which sums and
 * limits stay in registers had depended on that.
 */
final class TileKernelGenerator {

  private static final ClassDesc SEGMENT = ClassDesc.of("java.lang.foreign.MemorySegment");
  private static final ClassDesc LAYOUTS = ClassDesc.of("java.lang.foreign.ValueLayout");
  private static final ClassDesc BYTE_LAYOUT = LAYOUTS.nested("OfByte");
  private static final ClassDesc BYTE_ORDER = ClassDesc.of("java.nio.ByteOrder");
  private static final ClassDesc SPECIES = ClassDesc.of("jdk.incubator.vector.VectorSpecies");
  private static final ClassDesc VECTOR = ClassDesc.of("jdk.incubator.vector.Vector");
  private static final ClassDesc KERNEL = TileKernel.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_int, CD_Object, CD_int, SEGMENT, CD_long, CD_long, SEGMENT, CD_long, CD_long, CD_int,
          CD_long, CD_long);

  private static final ClassDesc MEMORY = ElementMemory.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc ADDRESS =
      MethodTypeDesc.of(CD_long, SEGMENT, CD_long, CD_int, CD_long, CD_long);

  private static final String COMPUTE = "compute";

  /** Slots of the parameters of {@link TileKernel#run}. */
  private static final class RunSlot {
    static final int A = 1;
    static final int A_INDEX = 2;
    static final int B = 3;
    static final int B_OFFSET = 4;
    static final int B_DEPTH_STRIDE = 6;
    static final int C = 8;
    static final int C_OFFSET = 9;
    static final int C_ROW_STRIDE = 11;
    static final int DEPTH = 13;
    static final int FETCH_OFFSET = 14;
    static final int FETCH_STRIDE = 16;
  }

  // Slots of the parameters of compute, and of the locals behind them.
  private static final int STRIP = 0;
  private static final int A_INDEX = 1;
  private static final int B_AT = 2;
  private static final int B_DEPTH_STRIDE = 4;
  private static final int C_AT = 6;
  private static final int C_ROW_STRIDE = 8;
  private static final int DEPTH = 10;
  private static final int FETCH_AT = 11;
  private static final int FETCH_STRIDE = 13;
  private static final int STEP = 15;
  private static final int A_AT = 16;
  private static final int BROADCAST = 17;
  private static final int FETCHED = 18;
  private static final int PANEL = 19;

  private final Names names;
  private final int rows;
  private final int vectors;
  private final long vectorBytes;
  private final int rowStride;
  private final int depthStride;

  private TileKernelGenerator(
      ElementKind element, int vectorBits, int rows, int vectors, StripLayout layout) {
    this.names = element == ElementKind.F32 ? Names.floats(vectorBits) : Names.doubles(vectorBits);
    this.rows = rows;
    this.vectors = vectors;
    this.vectorBytes = vectorBits / 8;
    this.rowStride = layout.rowStride();
    this.depthStride = layout.depthStride();
  }

  /** How the vectors of one element type are called. */
  private record Names(ClassDesc vector, String species, ClassDesc element) {

    static Names floats(int vectorBits) {
      return new Names(
          ClassDesc.of("jdk.incubator.vector.FloatVector"), "SPECIES_" + vectorBits, CD_float);
    }

    static Names doubles(int vectorBits) {
      return new Names(
          ClassDesc.of("jdk.incubator.vector.DoubleVector"), "SPECIES_" + vectorBits, CD_double);
    }

    TypeKind kind() {
      return TypeKind.from(element);
    }
  }

  /** Makes the kernel for a tile of {@code rows} × {@code vectors}. */
  static TileKernel generate(
      ElementKind element, int vectorBits, int rows, int vectors, StripLayout layout) {
    TileKernelGenerator generator =
        new TileKernelGenerator(element, vectorBits, rows, vectors, layout);
    String name = "Tile" + element + "Of" + rows + "x" + vectors + "x" + vectorBits;
    byte[] bytes = generator.write(ClassDesc.of(TileKernelGenerator.class.getPackageName(), name));
    try {
      return (TileKernel)
          MethodHandles.lookup()
              .defineHiddenClass(bytes, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the generated kernel " + name + " does not load", e);
    }
  }

  private byte[] write(ClassDesc self) {
    return ClassFile.of()
        .build(
            self,
            type ->
                type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                    .withInterfaceSymbols(KERNEL)
                    .withMethodBody(
                        INIT_NAME,
                        MTD_void,
                        0,
                        code ->
                            code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_())
                    .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, code -> writeRun(code, self))
                    .withMethodBody(
                        COMPUTE,
                        computeType(),
                        ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
                        this::writeCompute));
  }

  private MethodTypeDesc computeType() {
    return MethodTypeDesc.of(
        CD_int,
        names.element().arrayType(),
        CD_int,
        CD_long,
        CD_long,
        CD_long,
        CD_long,
        CD_int,
        CD_long,
        CD_long);
  }

  private void writeRun(CodeBuilder code, ClassDesc self) {
    long panelBytes = vectors * vectorBytes;
    code.aload(RunSlot.A).checkcast(names.element().arrayType()).iload(RunSlot.A_INDEX);
    loadAddress(
        code,
        RunSlot.B,
        RunSlot.B_OFFSET,
        c -> c.iload(RunSlot.DEPTH),
        RunSlot.B_DEPTH_STRIDE,
        panelBytes);
    code.lload(RunSlot.B_DEPTH_STRIDE);
    loadAddress(
        code,
        RunSlot.C,
        RunSlot.C_OFFSET,
        c -> c.loadConstant(rows),
        RunSlot.C_ROW_STRIDE,
        panelBytes);
    code.lload(RunSlot.C_ROW_STRIDE).iload(RunSlot.DEPTH);
    loadAddress(
        code,
        RunSlot.B,
        RunSlot.FETCH_OFFSET,
        c -> c.iload(RunSlot.DEPTH),
        RunSlot.FETCH_STRIDE,
        1);
    code.lload(RunSlot.FETCH_STRIDE).invokestatic(self, COMPUTE, computeType()).ireturn();
  }

  private void writeCompute(CodeBuilder code) {
    for (int i = 0; i < rows * vectors; i++) {
      species(code)
          .invokestatic(names.vector(), "zero", MethodTypeDesc.of(names.vector(), SPECIES))
          .astore(sum(0, i));
    }
    code.iconst_0().istore(FETCHED);
    code.iconst_0().istore(STEP);
    Label step = code.newBoundLabel();
    Label done = code.newLabel();
    code.iload(STEP).iload(DEPTH).if_icmpge(done);
    writeStep(code);
    code.lload(B_AT).lload(B_DEPTH_STRIDE).ladd().lstore(B_AT);
    writeFetch(code);
    code.iinc(STEP, 1).goto_(step).labelBinding(done);

    forEachSum(
        code,
        (row, vector) -> {
          allMemory(code.aload(sum(row, vector))).lload(C_AT);
          code.loadConstant(vector * vectorBytes).ladd();
          nativeOrder(code)
              .invokevirtual(
                  names.vector(),
                  "intoMemorySegment",
                  MethodTypeDesc.of(CD_void, SEGMENT, CD_long, BYTE_ORDER));
        });
    code.iload(FETCHED).ireturn();
  }

  private static void writeFetch(CodeBuilder code) {
    allMemory(code.iload(FETCHED)).getstatic(LAYOUTS, "JAVA_BYTE", BYTE_LAYOUT).lload(FETCH_AT);
    code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(CD_byte, BYTE_LAYOUT, CD_long));
    code.iadd().istore(FETCHED);
    code.lload(FETCH_AT).lload(FETCH_STRIDE).ladd().lstore(FETCH_AT);
  }

  private void writeStep(CodeBuilder code) {
    code.iload(A_INDEX).iload(STEP).loadConstant(depthStride).imul().iadd().istore(A_AT);
    for (int vector = 0; vector < vectors; vector++) {
      loadVector(code, B_AT, vector);
      code.astore(PANEL + vector);
    }
    for (int row = 0; row < rows; row++) {
      species(code)
          .aload(STRIP)
          .iload(A_AT)
          .loadConstant(row * rowStride)
          .iadd()
          .arrayLoad(names.kind())
          .invokestatic(
              names.vector(),
              "broadcast",
              MethodTypeDesc.of(names.vector(), SPECIES, names.element()))
          .astore(BROADCAST);
      for (int vector = 0; vector < vectors; vector++) {
        code.aload(BROADCAST)
            .aload(PANEL + vector)
            .aload(sum(row, vector))
            .invokevirtual(names.vector(), "fma", MethodTypeDesc.of(names.vector(), VECTOR, VECTOR))
            .astore(sum(row, vector));
      }
    }
  }

  private interface SumWriter {
    void write(int row, int vector);
  }

  private void forEachSum(CodeBuilder code, SumWriter writer) {
    for (int row = 0; row < rows; row++) {
      for (int vector = 0; vector < vectors; vector++) {
        writer.write(row, vector);
      }
      code.lload(C_AT).lload(C_ROW_STRIDE).ladd().lstore(C_AT);
    }
  }

  private int sum(int row, int vector) {
    return PANEL + vectors + row * vectors + vector;
  }

  private CodeBuilder species(CodeBuilder code) {
    return code.getstatic(names.vector(), names.species(), SPECIES);
  }

  private static CodeBuilder nativeOrder(CodeBuilder code) {
    return code.invokestatic(BYTE_ORDER, "nativeOrder", MethodTypeDesc.of(BYTE_ORDER));
  }

  /** Puts the address of rows in a segment on the stack. */
  private static void loadAddress(
      CodeBuilder code,
      int segment,
      int offset,
      Consumer<CodeBuilder> countRows,
      int rowStride,
      long rowBytes) {
    code.aload(segment).lload(offset);
    countRows.accept(code);
    code.lload(rowStride).loadConstant(rowBytes);
    code.invokestatic(MEMORY, "address", ADDRESS);
  }

  private static CodeBuilder allMemory(CodeBuilder code) {
    return code.getstatic(MEMORY, "ALL", SEGMENT);
  }

  private void loadVector(CodeBuilder code, int address, int vector) {
    allMemory(species(code)).lload(address).loadConstant(vector * vectorBytes).ladd();
    nativeOrder(code)
        .invokestatic(
            names.vector(),
            "fromMemorySegment",
            MethodTypeDesc.of(names.vector(), SPECIES, SEGMENT, CD_long, BYTE_ORDER));
  }
}
