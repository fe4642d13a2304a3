package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.runtime.parallel.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class FirstRunTest {
  private static final WorkerPool POOL = new WorkerPool(1);

  @Test
  void firstRun_isOfTheOneProduct_allOthersOfTheOther() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate(4, 8);
      StridedProduct first = square(arena, 2, result);
      StridedProduct product = square(arena, 3, result);
      FirstRun run = new FirstRun(() -> first.runOn(POOL), () -> product.runOn(POOL));
      run.run();
      assertThat(result.get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(4);
      for (int i = 0; i < 3; i++) {
        run.run();
        assertThat(result.get(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(9);
      }
    }
  }

  private static StridedProduct square(Arena arena, float number, MemorySegment result) {
    MemorySegment memory = arena.allocate(4, 8);
    memory.set(ValueLayout.JAVA_FLOAT, 0, number);
    StridedProduct.Operand operand = new StridedProduct.Operand(memory, 0, 4, 4, 4);
    TileSet tiles = new ScalarTileSet(ElementKind.F32);
    return new StridedProduct(
        tiles,
        Blocking.ofMatrices(tiles, 1, 1, 1, 1, Blocking.Panels.IN_PLACE, 1),
        operand,
        operand,
        null,
        null,
        new BlockedProduct.Result(result, 0, 4, 4, 1, 0),
        null);
  }

  @Test
  void fewSmallProductsOfAProcess_beginByScalars() {
    assertThat(FirstRun.admits(1L << 23)).isFalse();
    int admitted = 0;
    while (admitted < 100 && FirstRun.admits(1)) {
      admitted++;
    }
    assertThat(admitted).isLessThanOrEqualTo(32);
    assertThat(FirstRun.admits(1)).isFalse();
  }

  @Test
  void tilesOfAGivenWidth_areOfVectorsFromTheFirstRunOn() {
    TileSet given = new VectorTileSet(ElementKind.F32, 256);
    assertThat(given.untilCompiled()).isSameAs(given);
    assertThat(TileSet.best(ElementKind.F32).untilCompiled()).isInstanceOf(ScalarTileSet.class);
  }
}
