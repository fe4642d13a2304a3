package dev.dlm.cpu.loop;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Booleans as generated vector code uses them: masks, in memory one byte for each lane. Masks of
 * one call are of one species.
 */
final class MaskLanes {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** The lowest bit of each of eight bytes. */
  private static final long LOWEST_BITS = 0x0101010101010101L;

  private MaskLanes() {}

  static <E> VectorMask<E> broadcast(VectorSpecies<E> species, int value) {
    return species.maskAll(value != 0);
  }

  static <E, F> VectorMask<F> cast(VectorMask<E> mask, VectorSpecies<F> species) {
    return mask.cast(species);
  }

  static <E> VectorMask<E> fromBits(VectorSpecies<E> species, long bits) {
    return VectorMask.fromLong(species, bits);
  }

  static <E> long toBits(VectorMask<E> mask) {
    return mask.toLong();
  }

  /** One bit for each of as many neighbouring booleans; {@code count} is 2, 4, 8 or 16. */
  static long load(int count, long at) {
    return switch (count) {
      case 16 ->
          Long.compress(ElementMemory.ALL.get(LONG, at), LOWEST_BITS)
              | Long.compress(ElementMemory.ALL.get(LONG, at + 8), LOWEST_BITS) << 8;
      case 8 -> Long.compress(ElementMemory.ALL.get(LONG, at), LOWEST_BITS);
      case 4 -> Long.compress(ElementMemory.ALL.get(INT, at), LOWEST_BITS);
      default -> Long.compress(ElementMemory.ALL.get(SHORT, at), LOWEST_BITS);
    };
  }

  /** Writes what {@link #load} reads. */
  static void store(long bits, int count, long at) {
    switch (count) {
      case 16 -> {
        ElementMemory.ALL.set(LONG, at, Long.expand(bits, LOWEST_BITS));
        ElementMemory.ALL.set(LONG, at + 8, Long.expand(bits >>> 8, LOWEST_BITS));
      }
      case 8 -> ElementMemory.ALL.set(LONG, at, Long.expand(bits, LOWEST_BITS));
      case 4 -> ElementMemory.ALL.set(INT, at, (int) Long.expand(bits, LOWEST_BITS));
      default -> ElementMemory.ALL.set(SHORT, at, (short) Long.expand(bits, LOWEST_BITS));
    }
  }

  /** One bit for each of as many booleans, {@code step} bytes apart. */
  static long gather(int count, long at, long step) {
    long bits = 0;
    for (int lane = 0; lane < count; lane++) {
      bits |= (long) ElementMemory.loadBool(at + lane * step) << lane;
    }
    return bits;
  }

  /** Writes what {@link #gather} reads. */
  static void scatter(long bits, int count, long at, long step) {
    for (int lane = 0; lane < count; lane++) {
      ElementMemory.storeBool((int) (bits >>> lane) & 1, at + lane * step);
    }
  }

  static <E> VectorMask<E> not(VectorMask<E> a) {
    return a.not();
  }

  static <E> VectorMask<E> and(VectorMask<E> a, VectorMask<E> b) {
    return a.and(b);
  }

  static <E> VectorMask<E> or(VectorMask<E> a, VectorMask<E> b) {
    return a.or(b);
  }

  static <E> VectorMask<E> xor(VectorMask<E> a, VectorMask<E> b) {
    return a.xor(b);
  }

  static <E> VectorMask<E> equal(VectorMask<E> a, VectorMask<E> b) {
    return a.xor(b).not();
  }

  static <E> VectorMask<E> notEqual(VectorMask<E> a, VectorMask<E> b) {
    return a.xor(b);
  }

  static <E> VectorMask<E> select(VectorMask<E> condition, VectorMask<E> a, VectorMask<E> b) {
    return condition.and(a).or(condition.not().and(b));
  }
}
