import nn

model Gpt(vocabulary: int, width: int = 768, heads: int = 12, depth: int = 12, context: int = 1024) {
  input tokens: i32[B, T]
  where T <= context

  embed = nn.Embedding(vocabulary, width)
  x = embed(tokens) + nn.Positions(context, width)(tokens)
  repeat i in 0..depth {
    x = x |> nn.TransformerBlock(heads, causal = true) named block[i]
  }
  logits = nn.LayerNorm()(x) @ transpose(embed.table)

  output next = softmax(logits[:, -1])
  loss = mean(cross_entropy(logits[:, :-1], tokens[:, 1:]))
}
