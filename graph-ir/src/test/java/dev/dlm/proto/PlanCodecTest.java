package dev.dlm.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @Test
  void decode_ofAGraph_isRefused() {
    assertThatThrownBy(
            () -> PlanCodec.decode(GraphMessages.GraphFile.newBuilder().build().toByteArray()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no version of the format");
  }
}
