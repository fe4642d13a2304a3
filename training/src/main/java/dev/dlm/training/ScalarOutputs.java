package dev.dlm.training;

import dev.dlm.plan.Program;
import dev.dlm.runtime.session.Call;
import dev.dlm.runtime.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** The scalar outputs of a call, read after each run; other outputs are left where they are. */
final class ScalarOutputs {
  private final Map<String, Tensor> places = new LinkedHashMap<>();

  ScalarOutputs(Call call) {
    for (Program.Port port : call.program().outputs()) {
      if (port.view().type().rank() == 0) {
        Tensor place = Tensor.zeros(port.view().type().dtype());
        places.put(port.name(), place);
        call.output(port.name(), place.memory());
      }
    }
  }

  /** Adds the values of the last run. */
  void readInto(Map<String, Double> values) {
    places.forEach((name, place) -> values.put(name, place.doubleAt(0)));
  }
}
