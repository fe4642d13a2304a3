package dev.dlm.ir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The size of a tensor along one axis, or a count of elements or bytes made from such sizes: a
 * polynomial with integer coefficients over symbols and floor quotients, in canonical form, so that
 * equal polynomials are equal objects. Symbols stand for sizes that are bound when a plan runs;
 * they are not negative. Immutable.
 *
 * <p>Reading and binding any plan needs sizes. So what it calls is without switches over types and
 * the records' own equality: for each the JVM would make classes at run time.
 *
 * @param terms monomials with coefficients other than zero, sorted, each monomial once
 */
public record Dim(List<Term> terms) {

  /** A factor of a monomial. */
  public sealed interface Atom extends Comparable<Atom> {
    /** A size named by the user, for example {@code B}. */
    record Symbol(String name) implements Atom {
      public Symbol {
        if (!DimParser.isName(name)) {
          throw new IllegalArgumentException("'" + name + "' is not the name of a size");
        }
      }

      @Override
      public boolean equals(@Nullable Object other) {
        return other instanceof Symbol that && name.equals(that.name);
      }

      @Override
      public int hashCode() {
        return name.hashCode();
      }

      @Override
      public String toString() {
        return name;
      }
    }

    /** {@code floor(numerator / denominator)} that does not simplify. */
    record Quotient(Dim numerator, Dim denominator) implements Atom {
      @Override
      public String toString() {
        return "floor((" + numerator + ") / (" + denominator + "))";
      }
    }

    @Override
    default int compareTo(Atom other) {
      return toString().compareTo(other.toString());
    }
  }

  /** A product of atoms with a coefficient. */
  public record Term(long coefficient, List<Atom> factors) {
    public Term {
      factors = List.copyOf(factors);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Term that
          && coefficient == that.coefficient
          && factors.equals(that.factors);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(coefficient) + factors.hashCode();
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      if (factors.isEmpty() || coefficient != 1) {
        text.append(coefficient);
      }
      for (Atom factor : factors) {
        text.append(text.isEmpty() ? "" : "*").append(factor);
      }
      return text.toString();
    }
  }

  private static final int MAX_TERMS = 1000;
  private static final int MAX_FACTORS = 64;

  public static final Dim ZERO = new Dim(List.of());
  public static final Dim ONE = of(1);

  public Dim {
    terms = List.copyOf(terms);
  }

  /** A constant size. */
  public static Dim of(long value) {
    return value == 0 ? new Dim(List.of()) : new Dim(List.of(new Term(value, List.of())));
  }

  /**
   * A size with a name: letters, digits, underscores and dots, not beginning with a digit.
   *
   * @throws IllegalArgumentException if the name has another form
   */
  public static Dim symbol(String name) {
    return new Dim(List.of(new Term(1, List.of(new Atom.Symbol(name)))));
  }

  /** Whether no symbol occurs. */
  public boolean isConstant() {
    return terms.isEmpty() || (terms.size() == 1 && terms.get(0).factors().isEmpty());
  }

  /** The value, if no symbol occurs. */
  public Optional<Long> constant() {
    if (!isConstant()) {
      return Optional.empty();
    }
    return Optional.of(terms.isEmpty() ? 0L : terms.get(0).coefficient());
  }

  /** Whether this is the constant {@code value}. */
  public boolean is(long value) {
    return isConstant() && (terms.isEmpty() ? 0 : terms.get(0).coefficient()) == value;
  }

  /**
   * The value of a constant size.
   *
   * @throws IllegalStateException if a symbol occurs
   */
  public long asLong() {
    if (!isConstant()) {
      throw new IllegalStateException("size " + this + " is not constant");
    }
    return terms.isEmpty() ? 0 : terms.get(0).coefficient();
  }

  /** The sum of many sizes. */
  public static Dim sum(List<Dim> sizes) {
    List<Term> all = new ArrayList<>();
    for (Dim size : sizes) {
      all.addAll(size.terms);
    }
    return canonical(all);
  }

  public Dim plus(Dim other) {
    List<Term> all = new ArrayList<>(terms);
    all.addAll(other.terms);
    return canonical(all);
  }

  public Dim plus(long other) {
    return plus(of(other));
  }

  public Dim minus(Dim other) {
    return plus(other.times(-1));
  }

  public Dim times(long factor) {
    return times(of(factor));
  }

  /**
   * The product.
   *
   * @throws ArithmeticException if a coefficient exceeds 64 bits or the product has more than 1,000
   *     terms or more than 64 factors
   */
  public Dim times(Dim other) {
    if ((long) terms.size() * other.terms.size() > MAX_TERMS) {
      throw new ArithmeticException("a size has more than " + MAX_TERMS + " terms");
    }
    List<Term> products = new ArrayList<>();
    for (Term a : terms) {
      for (Term b : other.terms) {
        List<Atom> factors = new ArrayList<>(a.factors());
        factors.addAll(b.factors());
        if (factors.size() > MAX_FACTORS) {
          throw new ArithmeticException("a size has more than " + MAX_FACTORS + " factors");
        }
        Collections.sort(factors);
        products.add(new Term(Math.multiplyExact(a.coefficient(), b.coefficient()), factors));
      }
    }
    return canonical(products);
  }

  /**
   * The exact quotient, if {@code divisor} is a single monomial that divides every monomial of this
   * size.
   */
  public Optional<Dim> dividedExactlyBy(Dim divisor) {
    if (equals(divisor) && !terms.isEmpty()) {
      return Optional.of(ONE);
    }
    if (divisor.terms.size() != 1) {
      return Optional.empty();
    }
    Term by = divisor.terms.get(0);
    List<Term> quotients = new ArrayList<>();
    for (Term term : terms) {
      List<Atom> factors = new ArrayList<>(term.factors());
      for (Atom factor : by.factors()) {
        if (!factors.remove(factor)) {
          return Optional.empty();
        }
      }
      if (term.coefficient() % by.coefficient() != 0) {
        return Optional.empty();
      }
      quotients.add(new Term(term.coefficient() / by.coefficient(), factors));
    }
    return Optional.of(canonical(quotients));
  }

  /**
   * {@code floor(this / divisor)}, simplified where the division is exact or both are constant.
   *
   * @throws ArithmeticException if the divisor is the constant zero
   */
  public Dim floorDividedBy(Dim divisor) {
    if (divisor.is(0)) {
      throw new ArithmeticException("size " + this + " divided by zero");
    }
    if (isConstant() && divisor.isConstant()) {
      return of(Math.floorDiv(asLong(), divisor.asLong()));
    }
    return dividedExactlyBy(divisor)
        .orElseGet(() -> new Dim(List.of(new Term(1, List.of(new Atom.Quotient(this, divisor))))));
  }

  public Dim floorDividedBy(long divisor) {
    return floorDividedBy(of(divisor));
  }

  /** {@code ceil(this / multiple) * multiple}. */
  public Dim roundedUpTo(long multiple) {
    if (dividedExactlyBy(of(multiple)).isPresent()) {
      return this;
    }
    return plus(multiple - 1).floorDividedBy(multiple).times(multiple);
  }

  /**
   * Whether this size is at least {@code other} for every binding of the symbols, as far as that
   * can be proved.
   */
  public boolean isProvablyAtLeast(Dim other) {
    return minus(other).terms.stream()
        .allMatch(term ->
            term.coefficient() > 0 && term.factors().stream().allMatch(Dim::isProvablyNotNegative));
  }

  private static boolean isProvablyNotNegative(Atom atom) {
    return switch (atom) {
      case Atom.Symbol _ -> true;
      case Atom.Quotient quotient ->
          quotient.numerator().isProvablyAtLeast(ZERO)
              && quotient.denominator().isProvablyAtLeast(ZERO);
    };
  }

  /** The symbols that occur, sorted. */
  public Set<String> symbols() {
    Set<String> names = new TreeSet<>();
    collectSymbols(names);
    return names;
  }

  private void collectSymbols(Set<String> names) {
    for (Term term : terms) {
      for (Atom factor : term.factors()) {
        if (factor instanceof Atom.Quotient quotient) {
          quotient.numerator().collectSymbols(names);
          quotient.denominator().collectSymbols(names);
        } else {
          names.add(((Atom.Symbol) factor).name());
        }
      }
    }
  }

  /**
   * The value under a binding of the symbols.
   *
   * @throws ArithmeticException on overflow of 64 bits or division by zero
   */
  public long evaluate(ToLongFunction<String> binding) {
    long sum = 0;
    for (Term term : terms) {
      long product = term.coefficient();
      for (Atom factor : term.factors()) {
        long value =
            factor instanceof Atom.Quotient quotient
                ? Math.floorDiv(
                    quotient.numerator().evaluate(binding),
                    quotient.denominator().evaluate(binding))
                : binding.applyAsLong(((Atom.Symbol) factor).name());
        product = Math.multiplyExact(product, value);
      }
      sum = Math.addExact(sum, product);
    }
    return sum;
  }

  /** This size with symbols replaced by sizes; symbols that the map lacks stay. */
  public Dim substitute(Map<String, Dim> replacements) {
    Dim sum = ZERO;
    for (Term term : terms) {
      Dim product = of(term.coefficient());
      for (Atom factor : term.factors()) {
        if (factor instanceof Atom.Quotient quotient) {
          Dim numerator = quotient.numerator().substitute(replacements);
          Dim denominator = quotient.denominator().substitute(replacements);
          product = product.times(numerator.floorDividedBy(denominator));
        } else {
          String name = ((Atom.Symbol) factor).name();
          product = product.times(replacements.getOrDefault(name, symbol(name)));
        }
      }
      sum = sum.plus(product);
    }
    return sum;
  }

  private static Dim canonical(List<Term> terms) {
    NavigableMap<String, Term> sorted = new TreeMap<>();
    for (Term term : terms) {
      // Monomials of higher degree print first; the constant prints last.
      String key = (char) (Character.MAX_VALUE - term.factors().size()) + term.factors().toString();
      Term other = sorted.get(key);
      long coefficient =
          other == null
              ? term.coefficient()
              : Math.addExact(other.coefficient(), term.coefficient());
      sorted.put(key, new Term(coefficient, term.factors()));
    }
    List<Term> kept = new ArrayList<>();
    for (Term term : sorted.values()) {
      if (term.coefficient() != 0) {
        kept.add(term);
      }
    }
    return new Dim(kept);
  }

  /**
   * Reads the form that {@link #toString} prints; a subtraction may also be written {@code a - b}.
   *
   * @throws IllegalArgumentException if the text is not a size
   */
  public static Dim parse(String text) {
    return new DimParser(text).parse();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Dim that && terms.equals(that.terms);
  }

  @Override
  public int hashCode() {
    return terms.hashCode();
  }

  @Override
  public String toString() {
    if (terms.isEmpty()) {
      return "0";
    }
    StringBuilder text = new StringBuilder();
    for (Term term : terms) {
      if (text.isEmpty()) {
        text.append(
            term.coefficient() == -1 && !term.factors().isEmpty()
                ? "-" + new Term(1, term.factors())
                : term.toString());
      } else if (term.coefficient() < 0) {
        text.append(" - ").append(new Term(-term.coefficient(), term.factors()));
      } else {
        text.append(" + ").append(term);
      }
    }
    return text.toString();
  }
}
