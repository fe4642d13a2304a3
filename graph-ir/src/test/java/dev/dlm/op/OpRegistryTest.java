package dev.dlm.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpRegistryTest {
  @Test
  void everyOpClassOfTheProject_isRegistered() throws Exception {
    assertThat(OpRegistry.instance().all().values())
        .containsExactlyInAnyOrderElementsOf(opClasses());
  }

  /** The classes below this package that are records and ops. */
  private static List<Class<? extends Op>> opClasses()
      throws IOException, URISyntaxException, ClassNotFoundException {
    Path root = Path.of(Op.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Class<? extends Op>> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root.resolve("dev/dlm/op"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = root.relativize(file).toString();
        if (name.endsWith(".class") && !name.contains("$") && !name.contains("-")) {
          Class<?> type = Class.forName(name.substring(0, name.length() - 6).replace('/', '.'));
          if (type.isRecord() && Op.class.isAssignableFrom(type)) {
            found.add(type.asSubclass(Op.class));
          }
        }
      }
    }
    return found;
  }

  @Test
  void everyOp_isFoundByItsName() {
    OpRegistry.instance()
        .all()
        .forEach((name, type) -> assertThat(OpRegistry.instance().find(name)).contains(type));
    assertThat(OpRegistry.instance().find("log1p")).isPresent();
    assertThat(OpRegistry.instance().find("convolution_input_gradient")).isPresent();
  }

  @Test
  void nameThatNoOpHas_findsNone() {
    assertThat(OpRegistry.instance().find("Add")).isEmpty();
    assertThat(OpRegistry.instance().find("dynamicSlice")).isEmpty();
    assertThat(OpRegistry.instance().find("_add")).isEmpty();
    assertThat(OpRegistry.instance().find("")).isEmpty();
  }

  /** Has the name of a built-in op. */
  private record Add() implements Op {
    @Override
    public List<TensorType> infer(InferContext context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Dim operations(List<TensorType> operands, List<TensorType> results) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void differentiate(GradientContext context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<HostTensor> evaluate(EvalContext context) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void twoOpsOfOneName_areRefused() {
    assertThatThrownBy(() -> OpRegistry.byName(List.of(dev.dlm.op.math.Add.class, Add.class)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("ops dev.dlm.op.math.Add and dev.dlm.op.OpRegistryTest$Add have one name");
  }

  @Test
  void opThatIsNoRecord_isRefused() {
    assertThatThrownBy(() -> OpRegistry.byName(List.of(ElementwiseOp.class)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("op class dev.dlm.op.ElementwiseOp is not a record");
  }
}
