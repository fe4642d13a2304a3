package dev.dlm.cpu.loop;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.dlm.diagnostic.InternalException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;

/** All generated code of this JVM, by shape. Thread-safe. */
final class LoopCodes {
  private static final ClassDesc LOOP_CODE = LoopCode.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(CD_void, BlockWriter.STATE, CD_int, CD_int);
  private static final ConcurrentMap<BlockShape, BlockCode> CODES = new ConcurrentHashMap<>();

  private LoopCodes() {}

  /** The code of a shape, generated when it is first asked for. */
  static BlockCode of(BlockShape shape) {
    return CODES.computeIfAbsent(shape, BlockCode::of);
  }

  /** Scalar code, which does not touch the Vector API. */
  static LoopCode scalar(BlockShape shape) {
    return define("ScalarLoop", code -> new ScalarBlockWriter(code, shape).write());
  }

  /** Code for vectors of a width; to be asked for only where the Vector API is present. */
  static LoopCode vector(BlockShape shape, VectorForm form, int vectorBits) {
    return define(
        "VectorLoop", code -> new VectorBlockWriter(code, shape, form, vectorBits).write());
  }

  private static LoopCode define(String name, Consumer<CodeBuilder> body) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(LoopCodes.class.getPackageName(), name),
                type ->
                    type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC)
                        .withInterfaceSymbols(LOOP_CODE)
                        .withMethodBody(
                            INIT_NAME,
                            MTD_void,
                            0,
                            code ->
                                code.aload(0)
                                    .invokespecial(CD_Object, INIT_NAME, MTD_void)
                                    .return_())
                        .withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, body));
    try {
      return (LoopCode)
          MethodHandles.lookup()
              .defineHiddenClass(bytes, true)
              .lookupClass()
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new InternalException("the generated loop does not load", e);
    }
  }
}
