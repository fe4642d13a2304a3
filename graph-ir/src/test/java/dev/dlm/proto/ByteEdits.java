package dev.dlm.proto;

import java.util.Arrays;
import java.util.Random;

/** Damage to bytes. */
final class ByteEdits {
  private ByteEdits() {}

  /**
   * A copy with up to four changes: bytes flipped or replaced, ranges removed or moved, an end cut.
   */
  static byte[] edited(byte[] bytes, Random random) {
    byte[] edited = bytes.clone();
    for (int edit = random.nextInt(4); edit >= 0 && edited.length > 2; edit--) {
      int at = random.nextInt(edited.length - 1);
      int length = Math.min(1 + random.nextInt(8), edited.length - at);
      switch (random.nextInt(5)) {
        case 0 -> edited[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> edited[at] = (byte) random.nextInt();
        case 2 -> {
          byte[] shorter = Arrays.copyOf(edited, edited.length - length);
          System.arraycopy(edited, at + length, shorter, at, edited.length - at - length);
          edited = shorter;
        }
        case 3 ->
            System.arraycopy(
                edited, at, edited, random.nextInt(edited.length - length + 1), length);
        default -> {
          if (random.nextInt(10) == 0) {
            edited = Arrays.copyOf(edited, at);
          }
        }
      }
    }
    return edited;
  }
}
