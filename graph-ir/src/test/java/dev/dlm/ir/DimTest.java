package dev.dlm.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DimTest {
  private static final Dim B = Dim.symbol("B");
  private static final Dim T = Dim.symbol("T");

  @Test
  void equalPolynomials_areEqualWhateverTheOrderOfOperations() {
    Dim left = B.plus(T).times(B.minus(T)).plus(3);
    Dim right = Dim.of(3).minus(T.times(T)).plus(B.times(B));
    assertThat(left).isEqualTo(right).hasToString("B*B - T*T + 3");
  }

  @Test
  void division_isExactWhereItCanBe() {
    assertThat(B.times(784).floorDividedBy(B)).isEqualTo(Dim.of(784));
    assertThat(B.times(6).plus(9).floorDividedBy(3)).hasToString("2*B + 3");
    assertThat(B.plus(1).floorDividedBy(2)).hasToString("floor((B + 1) / (2))");
    assertThat(B.times(64).roundedUpTo(64)).isEqualTo(B.times(64));
    assertThat(B.dividedExactlyBy(Dim.of(2))).isEqualTo(Optional.empty());
  }

  @Test
  void text_readsBack() {
    for (Dim dim :
        new Dim[] {
          Dim.ZERO, Dim.of(-3), B.times(-1).plus(4), B.plus(T).floorDividedBy(2).times(T).minus(B)
        }) {
      assertThat(Dim.parse(dim.toString())).isEqualTo(dim);
    }
    assertThatThrownBy(() -> Dim.parse("B + "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a size");
    assertThatThrownBy(() -> Dim.parse("B ? 2"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unexpected '?'");
  }

  @Test
  void evaluateAndSubstitute_bindSymbols() {
    Dim dim = B.plus(1).floorDividedBy(2).plus(T.times(T));
    assertThat(dim.evaluate(Map.of("B", 6L, "T", 3L)::get)).isEqualTo(12);
    assertThat(dim.substitute(Map.of("B", Dim.of(6)))).hasToString("T*T + 3");
    assertThat(dim.symbols()).containsExactly("B", "T");
  }

  @Test
  void isProvablyAtLeast_holdsForEveryBinding() {
    assertThat(B.times(2).plus(3).isProvablyAtLeast(B)).isTrue();
    assertThat(B.times(2).isProvablyAtLeast(B.plus(1))).isFalse();
  }

  @Test
  void parse_ofHostileText_isRefused() {
    for (String text :
        new String[] {
          "-".repeat(5000) + "1",
          "(".repeat(5000) + "1",
          "(a+b)*(c+d)*(e+f)*(g+h)*(i+j)*(k+l)*(m+n)*(o+p)*(q+r)*(s+t)*(u+v)",
          "9223372036854775807*2",
          "1+".repeat(20_000) + "1",
          "floor((B) / (0))",
          "3x"
        }) {
      assertThatThrownBy(() -> Dim.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("not a size: ");
    }
  }

  @Test
  void symbol_withANameThatDoesNotParse_isRefused() {
    for (String name : new String[] {"", "2x", "a b", "a-b", "floor(x)"}) {
      assertThatThrownBy(() -> Dim.symbol(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void isProvablyAtLeast_doesNotTrustQuotientsOfDifferences() {
    Dim batch = Dim.symbol("B");
    assertThat(batch.plus(1).floorDividedBy(2).isProvablyAtLeast(Dim.ZERO)).isTrue();
    assertThat(batch.plus(-3).floorDividedBy(2).plus(1).isProvablyAtLeast(Dim.ZERO)).isFalse();
  }
}
