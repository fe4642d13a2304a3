package dev.dlm.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.plan.Plan;
import dev.dlm.plan.PlanInvariants;
import dev.dlm.proto.PlanCodec;
import dev.dlm.testing.RandomGraphs;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PlanBytesTest {
  @Property(tries = 25)
  void compiledPlans_areSoundAndSurviveTheirBytes(@ForAll long seed) {
    Plan plan =
        Compiler.compile(RandomGraphs.graph(seed, RandomGraphs.Options.STANDARD.withLoops()));
    assertThat(PlanInvariants.findViolation(plan)).isEmpty();
    byte[] bytes = PlanCodec.encode(plan);
    assertThat(PlanCodec.decode(bytes)).isEqualTo(plan);
    assertThat(
            PlanCodec.encode(
                Compiler.compile(
                    RandomGraphs.graph(seed, RandomGraphs.Options.STANDARD.withLoops()))))
        .isEqualTo(bytes);
  }
}
