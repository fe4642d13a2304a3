package dev.dlm.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.plan.Plan;
import dev.dlm.plan.PlanSamples;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PlanCodecTest {
  private static final byte[] SAMPLE = PlanCodec.encode(PlanSamples.plan());

  @Test
  void plan_encodesAndDecodes_toTheSameBytes() {
    Plan decoded = PlanCodec.decode(SAMPLE);
    assertThat(decoded).isEqualTo(PlanSamples.plan());
    assertThat(PlanCodec.encode(decoded)).isEqualTo(SAMPLE);
  }

  @Property(tries = 1000)
  void decode_ofRandomlyEditedBytes_givesAPlanOrAGraphException(@ForAll long seed) {
    try {
      assertThat(PlanCodec.decode(ByteEdits.edited(SAMPLE, new Random(seed)))).isNotNull();
    } catch (GraphException e) {
      assertThat(e.diagnostics()).isNotEmpty();
    }
  }

  /**
   * Generated code puts fields into order, joins occurrences, and moves unknown ones to the end.
   */
  @Property(tries = 1000)
  void decode_ofEditedBytes_isWhatItIsOfThoseRewrittenByGeneratedCode(@ForAll long seed) {
    byte[] edited = ByteEdits.edited(SAMPLE, new Random(seed));
    byte[] rewritten;
    try {
      rewritten = PlanMessages.PlanFile.parseFrom(edited).toByteArray();
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    String outcome = outcome(edited);
    if (!outcome.contains("occurs twice") && !outcome.contains("has the wire type 3")) {
      assertThat(outcome).isEqualTo(outcome(rewritten));
    }
  }

  private static String outcome(byte[] bytes) {
    try {
      return PlanCodec.decode(bytes).toString();
    } catch (GraphException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void decode_ofAGraph_isRefused() {
    assertThatThrownBy(
            () -> PlanCodec.decode(GraphMessages.GraphFile.newBuilder().build().toByteArray()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no version of the format");
  }
}
