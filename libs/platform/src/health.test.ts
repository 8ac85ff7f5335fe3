import { HealthRegister } from './health';

test('what does not answer is named, whatever went wrong with it, and the others are still told', async () => {
  const register = new HealthRegister();
  register.add('database', () => Promise.reject(new TypeError('connect ECONNREFUSED 10.0.0.5:5432')));
  register.add('mail', async () => ({
    state: 'ok',
    text: 'mail: a server is named; what it does not take the log says',
  }));
  expect(await register.readiness()).toEqual({
    ready: false,
    lines: ['missing database: does not answer', 'ok mail: a server is named; what it does not take the log says'],
  });
});
