package dev.dlm.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.plan.PlanSamples;
import org.junit.jupiter.api.Test;

class PlanPrinterTest {
  @Test
  void print_listsBuffersAndStepsWithTheirLines() {
    assertThat(PlanPrinter.print(PlanSamples.plan()))
        .isEqualTo(
            """
            plan "sample" {
              variable "w": weight f32[4, 4] at "m.dlm":2:3-2:4

              program "predict" {
                arena 192*floor((16*B + 63) / (64)) bytes
                input "x" = #0: f32[B, 4]
                guard {1 <= B} "not empty"
                buffer #0: 16*B bytes, arena at 0
                buffer #1: 64 bytes, variable "w"
                buffer #2: 16*B bytes, arena at 64*floor((16*B + 63) / (64))
                buffer #3: 4*B bytes, arena at 128*floor((16*B + 63) / (64))
                buffer #4: 4 bytes, constant f32[] {0.25}
                step 0: #2: f32[B, 4] = dot(#0: f32[B, 4], #1: f32[4, 4]) {left_batch = [], \
            right_batch = [], left_contracting = [1], right_contracting = [0]} at "m.dlm":4:7-4:8
                  epilogue {
                    rows [] columns [B, 4]
                    a0 = operand 2[4*i0 + i1]
                    sweep {
                      v0: f32 = load a0
                      v1: f32 = f32[] {0.0}
                      v2: f32 = maximum(v0, v1)
                      store a0 = v2
                    }
                  }
                step 1: #3: f32[B] = loop(#2: f32[B, 4], #4: f32[]) at derived("mean of", "m.dlm":5:7-5:8) {
                  rows [B] columns [4]
                  a0 = operand 0[4*i0 + i1] where 0 <= i1 + -1 < 4
                  a1 = operand 1[0]
                  a2 = operand 2[i0]
                  sweep {
                    v0: f32 = load a0 else f32[] {0.0}
                    v1: i32 = i1
                    v2: f32 = size B
                    fold 0 = sum(v0)
                  }
                  finish {
                    v0: f32 = fold 0
                    v1: f32 = load a1
                    v2: f32 = multiply(v0, v1)
                    store a2 = v2
                  }
                }
                output "y" = #2: f32[B, 4]
                output "means" = #3: f32[B]
                update "w" = #1: f32[4, 4]
              }
            }
            """);
  }
}
