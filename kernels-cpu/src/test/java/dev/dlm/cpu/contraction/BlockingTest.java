package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  @Property
  void blocks_coverAllStripsAndColumnsOnce(
      @ForAll @IntRange(min = 1, max = 500) int rows,
      @ForAll @IntRange(min = 1, max = 3000) int columns,
      @ForAll Blocking.Panels panels,
      @ForAll @IntRange(min = 1, max = 9) int threads) {
    Blocking blocking = Blocking.ofMatrices(TILES, 1, rows, columns, 400, panels, threads);
    assertThat(blocking.firstStrip(0)).isZero();
    assertThat(blocking.firstStrip(blocking.rowBlocks())).isEqualTo(blocking.strips());
    for (int block = 0; block < blocking.rowBlocks(); block++) {
      assertThat(blocking.firstStrip(block)).isLessThan(blocking.firstStrip(block + 1));
    }
    assertThat(blocking.firstColumn(0)).isZero();
    assertThat(blocking.firstColumn(blocking.columnBlocks())).isEqualTo(columns);
    for (int block = 0; block < blocking.columnBlocks(); block++) {
      assertThat(blocking.firstColumn(block)).isLessThan(blocking.firstColumn(block + 1));
      assertThat(blocking.firstColumn(block) % blocking.panelColumns()).isZero();
      assertThat(blocking.columnBlock(blocking.firstColumn(block))).isEqualTo(block);
      assertThat(blocking.columnBlock(blocking.firstColumn(block + 1) - 1)).isEqualTo(block);
    }
  }

  @Property
  void tasks_areAllBlocksOnce(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 1500) int rows,
      @ForAll @IntRange(min = 1, max = 1500) int columns) {
    Blocking blocking =
        Blocking.ofMatrices(TILES, batch, rows, columns, 400, Blocking.Panels.IN_PLACE, 4);
    Set<List<Integer>> blocks = new HashSet<>();
    for (int task = 0; task < blocking.tasks(); task++) {
      assertThat(blocking.rowBlockOfTask(task)).isBetween(0, blocking.rowBlocks() - 1);
      assertThat(blocking.columnBlockOfTask(task)).isBetween(0, blocking.columnBlocks() - 1);
      assertThat(blocking.firstBatchOfTask(task)).isBetween(0, batch - 1);
      blocks.add(
          List.of(
              blocking.rowBlockOfTask(task),
              blocking.columnBlockOfTask(task),
              blocking.firstBatchOfTask(task)));
    }
    assertThat(blocks).hasSize(blocking.tasks());
  }

  @Property
  void sweeps_leaveRoomInTheSecondCache(
      @ForAll @IntRange(min = 1, max = 500) int rows,
      @ForAll @IntRange(min = 1, max = 3000) int columns,
      @ForAll @IntRange(min = 1, max = 5000) int depth,
      @ForAll Blocking.Panels panels) {
    Blocking blocking = Blocking.ofMatrices(TILES, 1, rows, columns, depth, panels, 1);
    int bytes = 4 * blocking.sweepColumns() * DepthBlocks.length(depth);
    assertThat(blocking.sweepColumns()).isPositive();
    assertThat(bytes).isLessThan((int) Blocking.CACHED_BYTES / 2);
  }

  @Test
  void neighbouringTasks_shareAPartOfTheLargerOperand() {
    Blocking tall = Blocking.ofMatrices(TILES, 1, 1024, 1024, 256, Blocking.Panels.IN_PLACE, 64);
    assertThat(tall.columnBlocks()).isGreaterThan(1);
    assertThat(tall.rowBlockOfTask(1)).isEqualTo(tall.rowBlockOfTask(0));
    Blocking wide = Blocking.ofMatrices(TILES, 1, 256, 3136, 64, Blocking.Panels.IN_PLACE, 8);
    assertThat(wide.rowBlocks()).isGreaterThan(1);
    assertThat(wide.columnBlockOfTask(1)).isEqualTo(wide.columnBlockOfTask(0));
  }

  @Test
  void ofMatrices_takesOneTaskForOneThread() {
    Blocking blocking = Blocking.ofMatrices(TILES, 1, 300, 500, 1000, Blocking.Panels.IN_PLACE, 1);
    assertThat(blocking.tasks()).isOne();
  }

  @Test
  void ofMatrices_sharesOutWhatIsWorthIt() {
    assertThat(tasks(128, 128, 784, 2)).isEqualTo(2);
    assertThat(tasks(1000, 1000, 1000, 2)).isBetween(2, 16);
    assertThat(tasks(32, 3072, 768, 8)).isGreaterThanOrEqualTo(8);
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

  @Test
  void ofMatrices_readsWhatComesFromMemoryOnce() {
    Blocking kept = Blocking.ofMatrices(TILES, 1, 128, 768, 3072, Blocking.Panels.KEPT, 2);
    assertThat(kept.rowBlocks()).isOne();
    assertThat(kept.tasks()).isGreaterThan(1);
  }

  @Test
  void ofMatrices_readsFewRowsTimesManyColumnsWithoutPackingThemFirst() {
    Blocking inPlace = Blocking.ofMatrices(TILES, 1, 64, 1024, 3136, Blocking.Panels.IN_PLACE, 2);
    Blocking packed = Blocking.ofMatrices(TILES, 1, 64, 1024, 3136, Blocking.Panels.PACKED, 2);
    assertThat(inPlace.cost(2)).isLessThan(packed.cost(2) + packed.packingCost(false, 2));
  }

  @Test
  void ofMatrices_packsWhatManyRowsMeet() {
    Blocking inPlace = Blocking.ofMatrices(TILES, 1, 2048, 2048, 2048, Blocking.Panels.IN_PLACE, 2);
    Blocking packed = Blocking.ofMatrices(TILES, 1, 2048, 2048, 2048, Blocking.Panels.PACKED, 2);
    assertThat(packed.cost(2) + packed.packingCost(false, 2)).isLessThan(inPlace.cost(2));
  }
}
