package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How a depth is cut into blocks. */
class DepthBlocksTest {

  @Test
  void depthsThatFit_areOneBlock() {
    assertThat(DepthBlocks.count(0)).isZero();
    assertThat(DepthBlocks.length(1)).isOne();
    assertThat(DepthBlocks.length(147)).isEqualTo(147);
    assertThat(DepthBlocks.length(DepthBlocks.MAX_LENGTH)).isEqualTo(DepthBlocks.MAX_LENGTH);
  }

  @Test
  void longerDepths_areBlocksOfOneLength() {
    assertThat(DepthBlocks.length(784)).isEqualTo(400);
    assertThat(DepthBlocks.length(1024)).isEqualTo(512);
    assertThat(DepthBlocks.length(3072)).isEqualTo(768);
  }

  @Property
  void blocks_areAsFewAndAsEvenAsTheLongestMayBe(
      @ForAll @IntRange(min = 1, max = 100_000) int depth) {
    int length = DepthBlocks.length(depth);
    int count = DepthBlocks.count(depth);
    assertThat(length).isBetween(1, DepthBlocks.MAX_LENGTH);
    assertThat(count).isEqualTo(Math.ceilDiv(depth, DepthBlocks.MAX_LENGTH));
    int last = depth - (count - 1) * length;
    assertThat(last).isPositive();
    assertThat(length - last).isLessThan(16 * count);
  }
}
