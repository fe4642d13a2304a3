package dev.dlm.training;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import dev.dlm.ir.Dim;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.TrainingRecipe;
import dev.dlm.plan.Program;
import dev.dlm.runtime.session.Call;
import dev.dlm.training.data.Batch;
import dev.dlm.training.data.BatchLoader;
import dev.dlm.training.data.DataColumn;
import dev.dlm.training.data.DataSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which column of the data feeds which input of the model, and as what type. The first dimension of
 * a fed input counts the examples; sizes of one example that the model leaves free are taken from
 * the data.
 */
final class InputFeed {
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final List<BatchLoader.Input> inputs = new ArrayList<>();

  /**
   * @param programs those that will be fed; inputs of equal name have equal types
   * @throws GraphException with code {@code data-mismatch} if data and inputs do not go together
   */
  InputFeed(TrainingRecipe.DataClause clause, DataSource source, List<Program> programs) {
    List<DataColumn> columns = source.columns();
    if (columns.size() != clause.inputs().size()) {
      throw mismatch(
          "the data have %d columns for the %d inputs %s"
              .formatted(
                  columns.size(), clause.inputs().size(), String.join(", ", clause.inputs())),
          clause.location());
    }
    for (Program program : programs) {
      for (Program.Port port : program.inputs()) {
        int column = clause.inputs().indexOf(port.name());
        if (column >= 0 && places.putIfAbsent(port.name(), inputs.size()) == null) {
          BatchLoader.Input input = input(port, column, columns.get(column), clause.location());
          checkReadable(source, input, clause.location());
          inputs.add(input);
        } else if (column < 0 && !port.name().equals(TrainingRecipe.TOTAL_STEPS_INPUT)) {
          throw mismatch(
              "nothing feeds the input '%s' of '%s'".formatted(port.name(), program.name()),
              clause.location());
        }
      }
    }
  }

  /** Lets the data say now, with the place in the model, that they cannot be read so. */
  private static void checkReadable(DataSource source, BatchLoader.Input input, Location location) {
    try {
      source.reader(input.column(), input.dtype(), input.exampleShape());
    } catch (GraphException e) {
      throw new GraphException(
          e.diagnostics().stream().map(diagnostic -> diagnostic.at(location)).toList());
    }
  }

  private static BatchLoader.Input input(
      Program.Port port, int column, DataColumn source, Location location) {
    TensorType type = port.view().type();
    if (type.rank() == 0 || type.dim(0).isConstant()) {
      throw mismatch(
          "the input '%s' is %s; its first dimension must be a name, to count the examples"
              .formatted(port.name(), type),
          location);
    }
    List<Long> shape = new ArrayList<>();
    for (int axis = 1; axis < type.rank(); axis++) {
      Dim dim = type.dim(axis);
      if (dim.isConstant()) {
        shape.add(dim.asLong());
      } else if (source.exampleShape().size() == type.rank() - 1) {
        shape.add(source.exampleShape().get(axis - 1));
      } else {
        throw mismatch(
            "an example of '%s' has %d dimensions, the input '%s' of type %s needs %d"
                .formatted(
                    source.name(),
                    source.exampleShape().size(),
                    port.name(),
                    type,
                    type.rank() - 1),
            location);
      }
    }
    return new BatchLoader.Input(column, type.dtype(), shape);
  }

  /** What the loader has to read. */
  List<BatchLoader.Input> loaderInputs() {
    return inputs;
  }

  /**
   * The sizes of a program's symbols for a batch.
   *
   * @param batch the number of examples
   */
  Map<String, Long> sizes(Program program, long batch) {
    Map<String, Long> sizes = new TreeMap<>();
    for (Program.Port port : program.inputs()) {
      Integer place = places.get(port.name());
      if (place != null) {
        List<Long> shape = new ArrayList<>(inputs.get(place).exampleShape());
        shape.addFirst(batch);
        for (int axis = 0; axis < shape.size(); axis++) {
          Dim dim = port.view().type().dim(axis);
          for (String symbol : dim.symbols()) {
            if (dim.equals(Dim.symbol(symbol))) {
              sizes.putIfAbsent(symbol, shape.get(axis));
            }
          }
        }
      }
    }
    return sizes;
  }

  /** What a call takes from each batch. */
  Binding bind(Call call) {
    List<Binding.Entry> entries = new ArrayList<>();
    for (int index = 0; index < call.program().inputs().size(); index++) {
      Integer place = places.get(call.program().inputs().get(index).name());
      if (place != null) {
        List<Long> shape = inputs.get(place).exampleShape();
        long[] sizes = new long[shape.size() + 1];
        for (int axis = 1; axis < sizes.length; axis++) {
          sizes[axis] = shape.get(axis - 1);
        }
        entries.add(new Binding.Entry(index, place, sizes));
      }
    }
    return new Binding(call, entries);
  }

  /** Gives the parts of a batch to a call. Used by one thread. */
  record Binding(Call call, List<Entry> entries) {
    /**
     * @param index of the call's input
     * @param place of the loader's input
     * @param sizes of the input; the first one follows the batch
     */
    record Entry(int index, int place, long[] sizes) {}

    void give(Batch batch) {
      for (int i = 0; i < entries.size(); i++) {
        Entry entry = entries.get(i);
        entry.sizes[0] = batch.countExamples();
        call.input(entry.index, batch.input(entry.place), entry.sizes);
      }
    }
  }

  private static GraphException mismatch(String message, Location location) {
    return new GraphException(Diagnostic.error("data-mismatch", message, location));
  }
}
