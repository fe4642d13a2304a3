package dev.dlm.samples.cartpole;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CartpoleTest {
  @Test
  void step_accelerates() {
    Cartpole cartpole = new Cartpole(new Random(3));
    float[] before = cartpole.state();
    cartpole.step(1);
    float[] after = cartpole.state();
    // The push of 10 N moves 1.1 kg by 0.02 s · 9.76 m/s² and tips the pole to the other side.
    assertThat((double) after[1] - before[1]).isBetween(0.17, 0.22);
    assertThat((double) after[3] - before[3]).isBetween(-0.35, -0.25);
    assertThat(after[0]).isEqualTo(before[0] + 0.02f * before[1], within());
    assertThat(cartpole.steps()).isEqualTo(1);
  }

  private static org.assertj.core.data.Offset<Float> within() {
    return org.assertj.core.data.Offset.offset(1e-6f);
  }

  @Test
  void episode_endsWhenThePoleFalls() {
    Cartpole cartpole = new Cartpole(new Random(3));
    while (!cartpole.isOver()) {
      cartpole.step(1);
    }
    assertThat(cartpole.hasFailed()).isTrue();
    assertThat(cartpole.steps()).isBetween(8, 12);
  }

  @Test
  void replayMemory_keepsTheLatest() {
    ReplayMemory memory = new ReplayMemory(3);
    for (int i = 0; i < 5; i++) {
      memory.add(new float[] {i, 0, 0, 0}, i % 2, new float[] {i + 1, 0, 0, 0}, i == 4);
    }
    ReplayMemory.Steps drawn = memory.draw(200, new Random(1));
    assertThat(memory.count()).isEqualTo(3);
    for (int i = 0; i < 200; i++) {
      float state = drawn.before()[4 * i];
      assertThat(state).isBetween(2f, 4f);
      assertThat(drawn.after()[4 * i]).isEqualTo(state + 1);
      assertThat(drawn.actions()[i]).isEqualTo((int) state % 2);
      assertThat(drawn.failed()[i]).isEqualTo(state == 4);
    }
  }
}
