package dev.dlm.cpu.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.dlm.plan.Plan;
import dev.dlm.plan.PlanInvariants;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstProgramTest {
  @Test
  void program_isSound() {
    Plan plan = new Plan("first", List.of(), List.of(FirstProgram.program()));
    assertThat(PlanInvariants.findViolation(plan)).isEmpty();
  }

  @Test
  void preload_runsIt() {
    assertThatCode(new CpuDeviceProvider()::preload).doesNotThrowAnyException();
  }
}
