/// A row of a trained table for each of the tokens, which are integers below `vocabulary`; others
/// count as the nearest. `embed.table`, once the layer was applied, is the table, for example to
/// share it with a last product: `x @ transpose(embed.table)`.
layer Embedding(vocabulary: int, width: int, init: initializer = normal(0.02), dtype: dtype = f32) {
  apply(tokens: I[..S]) {
    weight table: dtype[vocabulary, width] = init
    return take(table, tokens)
  }
}
