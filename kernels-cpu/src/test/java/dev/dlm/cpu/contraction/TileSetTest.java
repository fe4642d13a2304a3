package dev.dlm.cpu.contraction;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How large tiles may get. */
class TileSetTest {

  /** What C2 does not keep in registers it keeps in memory, which nothing but the speed shows. */
  @ParameterizedTest
  @CsvSource({"512, 32", "256, 16", "128, 16"})
  void tiles_leaveThreeRegistersForWhatTheyBroadcast(int vectorBits, int registers) {
    TileSet tiles = new VectorTileSet(ElementKind.F32, vectorBits);
    for (int rows = 1; rows <= tiles.maxRows(tiles.panelVectors()); rows++) {
      int vectors = tiles.maxVectors(rows);
      assertThat(rows * vectors + vectors + 3).as("%d rows", rows).isLessThanOrEqualTo(registers);
      assertThat(rows).isLessThanOrEqualTo(tiles.maxRows(vectors));
    }
  }

  @Test
  void tiles_areAsLargeAsRegistersAllow() {
    TileSet tiles = new VectorTileSet(ElementKind.F32, 512);
    assertThat(tiles.maxRows(2)).isEqualTo(13);
    assertThat(tiles.maxVectors(13)).isEqualTo(2);
    assertThat(tiles.maxVectors(6)).isEqualTo(4);
    assertThat(tiles.maxVectors(2)).isEqualTo(8);
    assertThat(new VectorTileSet(ElementKind.F32, 256).maxRows(2)).isEqualTo(5);
  }

  @Test
  void scalarTiles_areOneVectorWide() {
    TileSet tiles = new ScalarTileSet(ElementKind.F32);
    assertThat(tiles.maxVectors(1)).isOne();
    assertThat(tiles.maxRows(tiles.panelVectors())).isEqualTo(8);
  }
}
