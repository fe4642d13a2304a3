package dev.dlm.compiler.lower;

import dev.dlm.plan.Block;
import dev.dlm.plan.Instruction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects the instructions of one block, each different one once. */
final class BlockBuilder {
  private final List<Instruction> instructions = new ArrayList<>();
  private final Map<Instruction, Integer> numbers = new HashMap<>();
  private final List<Block.Fold> folds = new ArrayList<>();
  private final List<Block.Store> stores = new ArrayList<>();

  /** The number of an instruction, which is added unless it is there already. */
  int add(Instruction instruction) {
    return numbers.computeIfAbsent(
        instruction,
        added -> {
          instructions.add(added);
          return instructions.size() - 1;
        });
  }

  void fold(Block.Fold fold) {
    folds.add(fold);
  }

  void store(Block.Store store) {
    stores.add(store);
  }

  Block build() {
    return new Block(instructions, folds, stores);
  }
}
