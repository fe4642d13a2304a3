package dev.dlm.cpu.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ElementMemoryTest {

  @Test
  void address_ofRowsWithin_isWhereTheFirstLies() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(100, 8);
      segment.set(ValueLayout.JAVA_FLOAT, 40, 3);

      assertThat(ElementMemory.loadF32(ElementMemory.address(segment, 40, 3, 28, 4))).isEqualTo(3);
      assertThat(ElementMemory.loadF32(ElementMemory.address(segment, 40, 3, -20, 60)))
          .isEqualTo(3);
      assertThat(ElementMemory.address(segment, 100, 0, 8, 8)).isEqualTo(segment.address() + 100);
    }
  }

  @Test
  void address_ofRowsThatReachBeyond_isRefused() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(100, 8);
      for (long[] rows : new long[][] {{40, 3, 28, 5}, {40, 3, -21, 4}, {-4, 1, 0, 4}}) {
        assertThatThrownBy(
                () -> ElementMemory.address(segment, rows[0], (int) rows[1], rows[2], rows[3]))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
    }
  }

  @Test
  void address_ofHeapMemory_isRefused() {
    MemorySegment heap = MemorySegment.ofArray(new float[8]);
    assertThatThrownBy(() -> ElementMemory.address(heap, 0, 1, 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no address");
  }
}
