package dev.dlm.compiler.memory;

import dev.dlm.ir.Dim;
import dev.dlm.plan.Program;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Places buffers with symbolic sizes in one arena. Buffers are taken from the largest to the
 * smallest; each goes to the first slot that is provably large enough for every binding and holds
 * no buffer that lives at the same time, or to a new slot. Slots lie one after the other, so that
 * offsets and the total are formulas of the symbols.
 */
public final class ArenaLayout {
  /** What symbols count as when sizes are only compared to choose an order. */
  private static final long NOMINAL_SIZE = 64;

  private ArenaLayout() {}

  /**
   * A buffer's life, both ends included.
   *
   * @param first the step that writes it; −1 if it is there before the first step
   * @param last the last step that reads it
   */
  public record Life(Dim sizeBytes, int first, int last) {
    boolean overlaps(Life other) {
      return first <= other.last && other.first <= last;
    }
  }

  /** Offsets in the order of the lives, and the size of the arena. */
  public record Layout(List<Dim> offsets, Dim sizeBytes) {}

  private record Slot(Dim sizeBytes, List<Life> lives) {}

  /** Places the given buffers. */
  public static Layout place(List<Life> lives) {
    List<Integer> order =
        IntStream.range(0, lives.size())
            .boxed()
            .sorted(
                Comparator.comparing((Integer i) -> -nominal(lives.get(i).sizeBytes()))
                    .thenComparing(i -> i))
            .toList();
    List<Slot> slots = new ArrayList<>();
    int[] slotOf = new int[lives.size()];
    for (int i : order) {
      Life life = lives.get(i);
      int slot = firstFit(slots, life);
      if (slot == slots.size()) {
        slots.add(new Slot(life.sizeBytes().roundedUpTo(Program.ALIGNMENT), new ArrayList<>()));
      }
      slots.get(slot).lives().add(life);
      slotOf[i] = slot;
    }
    List<Dim> slotOffsets = new ArrayList<>();
    Dim next = Dim.ZERO;
    for (Slot slot : slots) {
      slotOffsets.add(next);
      next = next.plus(slot.sizeBytes());
    }
    return new Layout(IntStream.of(slotOf).mapToObj(slotOffsets::get).toList(), next);
  }

  private static int firstFit(List<Slot> slots, Life life) {
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      boolean fits = slot.sizeBytes().isProvablyAtLeast(life.sizeBytes());
      if (fits && slot.lives().stream().noneMatch(life::overlaps)) {
        return i;
      }
    }
    return slots.size();
  }

  private static long nominal(Dim size) {
    return size.evaluate(symbol -> NOMINAL_SIZE);
  }
}
