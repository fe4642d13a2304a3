package dev.dlm.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import dev.dlm.plan.PlanSamples;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import dev.dlm.text.TextSamples;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Decoding loads few classes, for it is part of a service's start. */
class DecodingClassesTest {
  /** Loads the module's classes and those of protobuf anew, and remembers their names. */
  private static final class Recorder extends URLClassLoader {
    final List<String> names = new ArrayList<>();

    Recorder() {
      super(new URL[] {place(PlanCodec.class), place(CodedInputStream.class)}, null);
    }

    private static URL place(Class<?> type) {
      return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      Class<?> found = super.findClass(name);
      names.add(name);
      return found;
    }

    Object decode(Class<?> codec, byte[] bytes) throws ReflectiveOperationException {
      return loadClass(codec.getName()).getMethod("decode", byte[].class).invoke(null, bytes);
    }
  }

  private static boolean isGenerated(String name) {
    return name.matches("dev\\.dlm\\.proto\\.(Plan|Graph)Messages.*");
  }

  @Test
  void plan_decodesWithoutGeneratedClasses() throws Exception {
    try (Recorder recorder = new Recorder()) {
      Object plan = recorder.decode(PlanCodec.class, PlanCodec.encode(PlanSamples.plan()));
      assertThat(plan).hasToString(PlanSamples.plan().toString());
      assertThat(recorder.names)
          .contains(PlanCodec.class.getName(), WireMessage.class.getName())
          .noneMatch(DecodingClassesTest::isGenerated);
      assertThat(recorder.names)
          .filteredOn(name -> name.startsWith("com.google"))
          .hasSizeLessThan(20);
    }
  }

  @Test
  void graphs_decodeWithoutGeneratedClasses() throws Exception {
    try (Recorder recorder = new Recorder()) {
      for (OpCase one : OpCases.positive()) {
        recorder.decode(GraphCodec.class, GraphCodec.encode(TextSamples.graphOf(one)));
      }
      assertThat(recorder.names)
          .contains(GraphCodec.class.getName())
          .noneMatch(DecodingClassesTest::isGenerated);
    }
  }
}
