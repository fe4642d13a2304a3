package dev.dlm.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import dev.dlm.testing.RandomGraphs;
import dev.dlm.text.TextSamples;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GraphCodecTest {
  private static final List<byte[]> SAMPLES =
      LongStream.range(0, 10).mapToObj(RandomGraphs::graph).map(GraphCodec::encode).toList();

  static List<OpCase> positive() {
    return OpCases.positive();
  }

  @ParameterizedTest
  @MethodSource("positive")
  void everyOp_encodesAndDecodes(OpCase one) {
    Graph graph = TextSamples.graphOf(one);
    assertThat(GraphCodec.decode(GraphCodec.encode(graph))).isEqualTo(graph);
  }

  @Property(tries = 200)
  void randomGraphs_encodeAndDecode_toTheSameBytes(@ForAll long seed) {
    Graph graph = RandomGraphs.graph(seed);
    byte[] bytes = GraphCodec.encode(graph);
    Graph decoded = GraphCodec.decode(bytes);
    assertThat(decoded).isEqualTo(graph);
    assertThat(GraphCodec.encode(decoded)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource
  void constants_keepEveryBit(DType dtype) {
    double[] special = {Double.NaN, Double.NEGATIVE_INFINITY, -0.0, 0.1, 1e-40};
    TensorType type = TensorType.of(dtype, 5);
    Graph graph =
        TextSamples.constant(
            dtype.isFloat()
                ? HostTensor.ofDoubles(type, i -> special[i])
                : HostTensor.ofLongs(type, i -> Long.MIN_VALUE + Long.MAX_VALUE / 3 * i));
    assertThat(GraphCodec.decode(GraphCodec.encode(graph))).isEqualTo(graph);
  }

  @Property(tries = 1000)
  void decode_ofRandomlyEditedBytes_givesAGraphOrAGraphException(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = ByteEdits.edited(SAMPLES.get(random.nextInt(SAMPLES.size())), random);
    try {
      assertThat(GraphCodec.decode(bytes)).isNotNull();
    } catch (GraphException e) {
      assertThat(e.diagnostics()).isNotEmpty();
    }
  }

  @Test
  void decode_ofATruncatedFile_isRefused() {
    byte[] bytes = SAMPLES.get(0);
    assertThatThrownBy(() -> GraphCodec.decode(Arrays.copyOf(bytes, bytes.length - 3)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("error[bytes-invalid]");
    assertThatThrownBy(() -> GraphCodec.decode(new byte[0]))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no version of the format");
  }

  @Test
  void decode_ofANewerVersion_saysSo() {
    byte[] bytes = GraphMessages.GraphFile.newBuilder().setVersion(2).build().toByteArray();
    assertThatThrownBy(() -> GraphCodec.decode(bytes))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("the format has version 2");
  }

  @Test
  void decode_ofAnAttributeOfAnotherKind_namesBoth() {
    GraphMessages.Op.Builder op = GraphMessages.Op.newBuilder().setName("cast");
    op.addAttributesBuilder().setName("dtype").getValueBuilder().setText("f32");
    assertThatThrownBy(() -> GraphCodec.decode(graphOf(op)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("attribute dtype is of kind TEXT, not DTYPE");
    op.getAttributesBuilder(0).getValueBuilder().clear();
    assertThatThrownBy(() -> GraphCodec.decode(graphOf(op)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("attribute dtype is of kind KIND_NOT_SET, not DTYPE");
  }

  private static byte[] graphOf(GraphMessages.Op.Builder op) {
    GraphMessages.GraphFile.Builder file = GraphMessages.GraphFile.newBuilder().setVersion(1);
    file.getGraphBuilder().addSignaturesBuilder().getBodyBuilder().addNodesBuilder().setOp(op);
    return file.build().toByteArray();
  }

  @Test
  void decode_ofLocationsThatUnfoldWithoutEnd_isRefused() {
    GraphMessages.GraphFile.Builder file = GraphMessages.GraphFile.newBuilder().setVersion(1);
    for (int i = 0; i < 60; i++) {
      file.addLocationsBuilder().getFusedBuilder().addParts(i).addParts(i);
    }
    assertThatThrownBy(() -> GraphCodec.decode(file.build().toByteArray()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("too many parts");
  }
}
