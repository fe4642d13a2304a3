package dev.dlm.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObjectPoolTest {
  @Test
  void borrow_lendsWhatCameBack_andMakesOneWhereNoneIsFree() {
    ObjectPool<Object> pool = new ObjectPool<>(2, Object::new);
    Object first = pool.borrow();
    Object second = pool.borrow();
    assertThat(second).isNotSameAs(first);
    pool.giveBack(first);
    assertThat(pool.borrow()).isSameAs(first);
    assertThat(pool.borrow()).isNotIn(first, second);
  }

  @Test
  void giveBack_forgetsWhatIsMoreThanItKeeps() {
    ObjectPool<Object> pool = new ObjectPool<>(1, Object::new);
    Object first = pool.borrow();
    Object second = pool.borrow();
    pool.giveBack(first);
    pool.giveBack(second);
    assertThat(pool.borrow()).isSameAs(first);
    assertThat(pool.borrow()).isNotSameAs(second);
  }

  @Test
  void borrow_lendsAThreadWhatItGaveBack() throws Exception {
    ObjectPool<Object> pool = new ObjectPool<>(64, Object::new);
    Object mine = pool.borrow();
    Thread other = Thread.ofPlatform().start(() -> pool.giveBack(pool.borrow()));
    other.join();
    pool.giveBack(mine);
    assertThat(pool.borrow()).isSameAs(mine);
  }

  @Test
  void borrow_lendsNothingToTwoThreadsAtOnce() throws Exception {
    ObjectPool<Object> pool = new ObjectPool<>(4, Object::new);
    Set<Object> out = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<?> future :
          IntStream.range(0, 4)
              .mapToObj(_ ->
                  threads.submit(() -> {
                    for (int i = 0; i < 50_000; i++) {
                      Object object = pool.borrow();
                      assertThat(out.add(object)).isTrue();
                      out.remove(object);
                      pool.giveBack(object);
                    }
                  }))
              .toList()) {
        future.get();
      }
    }
  }
}
