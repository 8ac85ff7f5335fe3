import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Response } from 'express';
import { HealthRegister } from './health';

@Controller('health')
export class HealthController {
  constructor(@Inject(HealthRegister) private readonly register: HealthRegister) {}

  /** The process is alive. */
  @Get('live')
  live(@Res() response: Response): void {
    response.type('text/plain').send('ok the process answers\n');
  }

  /** Every dependency in one line; 503 when one is missing that the hub needs. */
  @Get('ready')
  async ready(@Res() response: Response): Promise<void> {
    const { ready, lines } = await this.register.readiness();
    response
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(`${lines.join('\n')}\n`);
  }
}
