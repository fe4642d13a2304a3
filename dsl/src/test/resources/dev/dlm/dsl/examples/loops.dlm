function loops(xs: f32[B, T, N], mask: bool[B, T]) {
  h,hs=scan x,t in xs,0..T reversed over axis 1 carry h=zeros([B,N]) { h=h+x   // sum
    yield h }
  // A header that is too long for one line.
  hidden, cell, outputs = scan x, m in xs, mask reversed when backward over axis 1 recompute carry hidden = zeros([B, N]), cell = ones([B, N]) {
    yield hidden

    }
  first_hidden_state, first_cell_state = scan x in xs over axis 1 carry first_hidden_state = zeros([B, N]), first_cell_state = ones([B, N]), third = 3 {
  }
  reversed = 3 recompute = 4 limit = 5
  i,y=while i<10 and  any(y>1.0) carry i=0,y=xs limit  10{ y=y*0.5 i=i+1 }
  z=cond mean(y)>0.0{yield y}else cond mean(y)<0.0 { yield -y
  } else{yield y*0.0}
  return scan x in xs{yield x}
}
