package dev.dlm.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.Variable;
import dev.dlm.runtime.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InferenceStreamTest {
  private static final SessionOptions OPTIONS =
      SessionOptions.defaults().withDevice("reference").withThreads(1);

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(ReferenceDevice.OPEN_DEVICES).hasValue(0);
    assertThat(ReferenceDevice.OPEN_FRAMES).hasValue(0);
    assertThat(ReferenceDevice.OPEN_MEMORIES).hasValue(0);
  }

  private static Session open(SessionOptions options) {
    Session session = Session.open(TestModels.total(), options);
    session.initialize(1);
    return session;
  }

  private static Map<String, Tensor> x(float... elements) {
    return Map.of("x", Tensor.of(elements, elements.length));
  }

  private static float first(Map<String, Tensor> outputs) {
    return outputs.get("y").floats()[0];
  }

  @Test
  void run_findsTheStateOfTheLastCall() {
    try (Session session = open(OPTIONS);
        InferenceStream stream = session.openStream()) {
      assertThat(stream.run("predict", x(1)).get("y").floats()).containsExactly(1, 1, 1);
      assertThat(first(stream.run("predict", x(2)))).isEqualTo(3);
      assertThat(stream.run("predict", x(4)).get("calls").longs()).containsExactly(3);
      assertThat(stream.read().get("total").floats()).containsExactly(7, 7, 7);
    }
  }

  @Test
  void run_outsideOfAStream_beginsWithZerosEachTime() {
    try (Session session = open(OPTIONS);
        InferenceStream stream = session.openStream()) {
      stream.run("predict", x(5));
      assertThat(first(session.run("predict", x(1)))).isEqualTo(1);
      assertThat(first(session.run("predict", x(1)))).isEqualTo(1);
      assertThat(first(stream.run("predict", x(1)))).isEqualTo(6);
    }
  }

  @Test
  void state_followsTheStreamThroughProgramsAndSizes() {
    try (Session session = open(OPTIONS.withMaxBindings(1));
        InferenceStream stream = session.openStream()) {
      stream.run("predict", x(1));
      stream.run("predict", x(1, 1));
      assertThat(first(stream.run("double", Map.of()))).isEqualTo(6);
      assertThat(first(stream.run("predict", x(1)))).isEqualTo(7);
      assertThat(session.countBindings()).isEqualTo(1);
      assertThat(stream.read().get("calls").longs()).containsExactly(3);
    }
  }

  @Test
  void streams_keepTheirStatesApart() {
    try (Session session = open(OPTIONS)) {
      List<InferenceStream> streams = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        streams.add(session.openStream());
      }
      for (int round = 1; round <= 3; round++) {
        for (int i = 0; i < streams.size(); i++) {
          assertThat(first(streams.get(i).run("predict", x(i)))).isEqualTo(round * i);
        }
      }
      // One thread needs one frame, however many streams there are.
      assertThat(ReferenceDevice.OPEN_FRAMES).hasValue(2);
      streams.forEach(InferenceStream::close);
    }
  }

  @Test
  void streams_onManyThreads_giveWhatTheyGiveAlone() throws Exception {
    int streams = 24;
    int rounds = 200;
    try (Session session = open(OPTIONS.withMaxBindings(2));
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      List<InferenceStream> open = new ArrayList<>();
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < streams; i++) {
        InferenceStream stream = session.openStream();
        open.add(stream);
        int number = i;
        Callable<Integer> work =
            () -> {
              float expected = 0;
              for (int round = 0; round < rounds; round++) {
                // Three sizes for two bindings, so that frames come and go while streams use them.
                float[] elements = new float[1 + (round + number) % 3];
                Arrays.fill(elements, number);
                expected += number * elements.length;
                if (first(stream.run("predict", x(elements))) != expected) {
                  return round;
                }
                if (round % 16 == 7) {
                  expected *= 2;
                  stream.run("double", Map.of());
                }
                if (expected > 1e6) {
                  stream.reset();
                  expected = 0;
                }
              }
              return -1;
            };
        results.add(threads.submit(work));
      }
      for (Future<Integer> result : results) {
        assertThat(result.get()).as("the round that went wrong").isEqualTo(-1);
      }
      open.forEach(InferenceStream::close);
    }
  }

  @Test
  void fork_goesOnByItself() {
    try (Session session = open(OPTIONS);
        InferenceStream stream = session.openStream()) {
      stream.run("predict", x(2));
      try (InferenceStream fork = stream.fork()) {
        assertThat(first(fork.run("predict", x(1)))).isEqualTo(3);
        assertThat(first(stream.run("predict", x(10)))).isEqualTo(12);
        assertThat(first(fork.run("predict", x(1)))).isEqualTo(4);
      }
    }
  }

  @Test
  void resetAndWrite_replaceTheState() {
    try (Session session = open(OPTIONS);
        InferenceStream stream = session.openStream()) {
      stream.run("predict", x(2));
      stream.reset();
      assertThat(first(stream.run("predict", x(1)))).isEqualTo(1);
      stream.write(Map.of("total", Tensor.of(new float[] {10, 20, 30}, 3)));
      assertThat(stream.run("predict", x(1)).get("y").floats()).containsExactly(11, 21, 31);
    }
  }

  @Test
  void write_rejectsWhatIsNotTheState() {
    try (Session session = open(OPTIONS);
        InferenceStream stream = session.openStream()) {
      assertThatThrownBy(() -> stream.write(Map.of("totl", Tensor.of(new float[3], 3))))
          .hasMessageContaining("a stream of 'total' has no variable 'totl'")
          .satisfies(thrown ->
              assertThat(((GraphException) thrown).diagnostics().getFirst().help())
                  .contains("did you mean 'total'?"));
      assertThatThrownBy(() -> stream.write(Map.of("total", Tensor.of(new float[2], 2))))
          .hasMessageContaining("the variable 'total' is f32[3], found f32[2]");
    }
  }

  @Test
  void variables_areThoseOfTheModelAlone() {
    try (Session session = open(OPTIONS)) {
      assertThat(session.variables().declared()).extracting(Variable::name).containsExactly("w");
      assertThat(session.variables().read(EnumSet.allOf(Variable.Role.class)))
          .containsOnlyKeys("w");
    }
  }

  @Test
  void openStream_beyondTheMemoryAllowed_isRefused() {
    try (Session session = open(OPTIONS.withMaxMemoryBytes(1000))) {
      List<InferenceStream> streams = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (streams.size() < 1000) {
                  streams.add(session.openStream());
                }
              })
          .hasMessageContaining("the state of a stream of 'total' takes 20 bytes");
      assertThat(streams).hasSizeBetween(1, 49);
      streams.getLast().close();
      session.openStream().close();
      streams.forEach(InferenceStream::close);
    }
  }

  @Test
  void aClosedStream_saysSo() {
    try (Session session = open(OPTIONS)) {
      InferenceStream stream = session.openStream();
      stream.run("predict", x(1));
      stream.close();
      stream.close();
      assertThatThrownBy(() -> stream.run("predict", x(1)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the stream is closed");
    }
  }
}
