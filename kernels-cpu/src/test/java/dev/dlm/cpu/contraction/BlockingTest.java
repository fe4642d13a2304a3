package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockingTest {

  private static final TileSet TILES = new VectorTileSet(ElementKind.F32, 512);

  @Property
  void strips_coverAllRowsWithHeightsThatDifferByOneAtMost(
      @ForAll @IntRange(min = 1, max = 500) int rows,
      @ForAll @IntRange(min = 1, max = 300) int columns,
      @ForAll Blocking.Panels panels,
      @ForAll @IntRange(min = 1, max = 9) int threads) {
    Blocking blocking = Blocking.ofMatrices(TILES, 1, rows, columns, 400, panels, threads);
    assertThat(blocking.firstRow(0)).isZero();
    assertThat(blocking.firstRow(blocking.strips())).isEqualTo(rows);
    for (int strip = 0; strip < blocking.strips(); strip++) {
      assertThat(blocking.firstRow(strip + 1) - blocking.firstRow(strip))
          .isBetween(Math.max(1, blocking.tileRows() - 1), blocking.tileRows());
    }
  }

  @Test
  void ofMatrices_takesOneTaskForOneThread() {
    Blocking blocking = Blocking.ofMatrices(TILES, 1, 300, 500, 1000, Blocking.Panels.IN_PLACE, 1);
    assertThat(blocking.tasks()).isOne();
  }

  @Test
  void ofMatrices_sharesOutWhatIsWorthIt() {
    assertThat(tasks(300, 500, 1000, 2)).isGreaterThanOrEqualTo(4);
    assertThat(tasks(32, 3072, 768, 8)).isGreaterThanOrEqualTo(16);
    assertThat(tasks(1, 128, 784, 8)).isOne();
  }

  private static int tasks(int rows, int columns, int depth, int threads) {
    return Blocking.ofMatrices(TILES, 1, rows, columns, depth, Blocking.Panels.IN_PLACE, threads)
        .tasks();
  }

  @Test
  void ofMatrices_doesNotPackTheSameColumnsForManyBlocksOfRows() {
    Blocking blocking =
        Blocking.ofMatrices(TILES, 1, 128, 784, 128, Blocking.Panels.PACKED_BY_TASK, 2);
    assertThat(blocking.rowBlocks()).isLessThanOrEqualTo(2);
  }
}
