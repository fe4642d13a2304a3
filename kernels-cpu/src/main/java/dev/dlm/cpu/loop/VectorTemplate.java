package dev.dlm.cpu.loop;

import dev.dlm.diagnostic.InternalException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Classes on vectors that are written once and made anew for each width. To be touched only where
 * the Vector API is present.
 *
 * <p>The JIT makes instructions of vector code where it knows the width as a constant, and leaves
 * vectors on the heap that are passed to calls which it does not inline. So the class made is a
 * hidden one of the template's bytes, with the species as a constant of its own, and with the
 * bodies of functions on vectors in place of calls to them.
 *
 * <p>A process computes with vectors of {@linkplain dev.dlm.cpu.VectorModule#vectorBits one width};
 * others are for tests.
 */
public final class VectorTemplate {
  private VectorTemplate() {}

  /**
   * A new instance for one width.
   *
   * @param lookup the template's own
   * @param template has a constructor without parameters, and holds {@link #speciesOf} as a
   *     constant
   * @param type what the template implements
   */
  public static <T> T make(
      MethodHandles.Lookup lookup,
      Class<? extends T> template,
      Class<T> type,
      VectorSpecies<Float> species) {
    String file = template.getSimpleName() + ".class";
    try (InputStream in = template.getResourceAsStream(file)) {
      byte[] bytes = withInlinedFunctions(Objects.requireNonNull(in, file).readAllBytes());
      Constructor<?> constructor =
          lookup
              .defineHiddenClassWithClassData(bytes, species, true)
              .lookupClass()
              .getDeclaredConstructor();
      constructor.setAccessible(true);
      return type.cast(constructor.newInstance());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ReflectiveOperationException e) {
      throw new InternalException(template + " does not load for " + species, e);
    }
  }

  /** The species that a class was made for; in the template itself the preferred one. */
  @SuppressWarnings("unchecked")
  public static VectorSpecies<Float> speciesOf(MethodHandles.Lookup lookup) {
    try {
      VectorSpecies<Float> own =
          MethodHandles.classData(lookup, ConstantDescs.DEFAULT_NAME, VectorSpecies.class);
      return own == null ? FloatVector.SPECIES_PREFERRED : own;
    } catch (IllegalAccessException e) {
      throw new InternalException("a class cannot read its own data", e);
    }
  }

  private static byte[] withInlinedFunctions(byte[] template) {
    ClassFile classes = ClassFile.of();
    return classes.transformClass(
        classes.parse(template),
        ClassTransform.transformingMethodBodies(VectorTemplate::inlineFunctions));
  }

  private static void inlineFunctions(CodeBuilder code, CodeElement element) {
    if (element instanceof InvokeInstruction invoke && MethodInliner.isInlined(invoke)) {
      new MethodInliner(code)
          .call(invoke.owner().asSymbol(), invoke.name().stringValue(), invoke.typeSymbol());
    } else {
      code.with(element);
    }
  }
}
