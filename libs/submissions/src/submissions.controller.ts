import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Asked } from '@hub/identity';
import { Refusal } from '@hub/kernel';
import { bytesOf, crashPoint } from '@hub/platform';
import { limits } from './domain';
import { SubmissionsService, type SubmissionNow } from './submissions.service';

const bodyOf = ({ id, state, version, digest, receipt, findings }: SubmissionNow) => ({
  id,
  state,
  version,
  digest,
  receipt,
  findings,
});

const tooLarge = () => new Refusal('ENVELOPE_TOO_LARGE');

/** The door for systems without a GraphQL client; the same service answers. */
@Controller('submissions')
export class SubmissionsController {
  constructor(private readonly submissions: SubmissionsService) {}

  /** One envelope. 201 with its address when it is new, 200 when it was known already. */
  @Post()
  async submit(@Req() request: Asked, @Res() response: Response): Promise<void> {
    if (!request.member) throw new Refusal('TOKEN_MISSING');
    if (!request.is('application/jose+json')) throw new Refusal('MEDIA_TYPE');
    const bytes = await bytesOf(request, response, limits.envelopeBytes, tooLarge);
    crashPoint('submit.received');
    const { submission, known } = await this.submissions.submit(request.member, bytes);
    crashPoint('submit.answering');
    response
      .status(known ? 200 : 201)
      .location(`/submissions/${submission.id}`)
      .set('Cache-Control', 'no-store')
      .json(bodyOf(submission));
    crashPoint('submit.answered');
  }

  @Get(':id')
  async find(@Param('id') id: string, @Req() request: Asked, @Res() response: Response): Promise<void> {
    if (!request.member) throw new Refusal('TOKEN_MISSING');
    response.set('Cache-Control', 'no-store').json(bodyOf(await this.submissions.find(request.member, id)));
  }
}
