package dev.dlm.op.random;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhiloxTest {
  /**
   * Known answers of Philox 4×32-10 as published with the generator (Random123, {@code
   * kat_vectors}).
   */
  @Test
  void word_givesThePublishedVectors() {
    check(new int[] {0, 0, 0, 0}, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    check(new int[] {-1, -1, -1, -1}, -1, -1, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    check(
        new int[] {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
        0xa4093822,
        0x299f31d0,
        0xd16cfe09,
        0x94fdcceb,
        0x5001e420,
        0x24126ea1);
  }

  private static void check(int[] counter, int key0, int key1, int... expected) {
    for (int word = 0; word < 4; word++) {
      assertThat(Philox.word(word, counter[0], counter[1], counter[2], counter[3], key0, key1))
          .isEqualTo(expected[word]);
    }
  }
}
